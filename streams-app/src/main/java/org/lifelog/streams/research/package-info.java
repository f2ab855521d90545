/**
 * The topics for research: valid readings and windows under pseudonyms, whose keys are files outside of Kafka and of the
 * database.
 */
package org.lifelog.streams.research;
