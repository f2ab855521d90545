/** Avro in Confluent's wire format, and a client for the REST API of Confluent's schema registry. */
package org.lifelog.registry;
