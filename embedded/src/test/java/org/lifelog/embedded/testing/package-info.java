/**
 * Kafka, schema registry and database for the tests of all modules: one of each per test JVM, started on first use. The
 * environment may name servers that already run: {@code LIFELOG_KAFKA} (host:port), {@code LIFELOG_REGISTRY} (URL),
 * {@code LIFELOG_DATABASE} (JDBC URL with {@code user} and {@code password}).
 */
package org.lifelog.embedded.testing;
