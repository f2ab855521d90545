package org.lifelog.streams;

import java.util.OptionalDouble;
import java.util.Set;
import org.lifelog.avro.Reading;

/**
 * What a reading changes in the windows of its series.
 *
 * @param series name of the series in the history
 * @param counted what comes to the windows that the reading falls into; empty where nothing does
 * @param anew times whose windows are computed anew from the history, in microseconds since the epoch. Where the windows of
 *     the reading are among them, they are not added to as well.
 */
record WindowChange(String series, Reading reading, OptionalDouble counted, Set<Long> anew) {
    /** Whether there is nothing to do. */
    boolean isEmpty() {
        return counted.isEmpty() && anew.isEmpty();
    }
}
