/** Kafka in, TimescaleDB out: readings, aggregates and quarantined readings, with their offsets in the same transaction. */
package org.lifelog.sink;
