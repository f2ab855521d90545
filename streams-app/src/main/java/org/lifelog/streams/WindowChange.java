package org.lifelog.streams;

import org.lifelog.avro.Reading;

/**
 * What a reading changes in the windows of its series.
 *
 * @param series name of the series in the history
 * @param added whether the reading comes to those that the windows hold; if not, it replaces one of them or takes one
 *     away, and its windows are computed anew from the history
 */
record WindowChange(String series, Reading reading, boolean added) {}
