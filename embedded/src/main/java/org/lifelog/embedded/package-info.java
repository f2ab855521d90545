/**
 * Real Kafka, a real schema registry and a real PostgreSQL on this machine, started from Maven artefacts, for
 * {@code ./lifelog up} and for tests. Each keeps its state in a directory that it owns and starts from it again, also
 * after this JVM was killed.
 */
package org.lifelog.embedded;
