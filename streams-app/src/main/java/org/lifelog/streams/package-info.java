/** The Kafka Streams topology: decodes readings, judges them, recognises duplicates and keeps exact windows. */
package org.lifelog.streams;
