package org.lifelog.sink;

import java.util.Comparator;
import java.util.Objects;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;

/**
 * A reading with the key of its row.
 *
 * @param time in microseconds since the epoch
 * @param sequence -1 where the device has none
 */
record ReadingRow(Reading reading, long seriesId, long time, int deviceId, long sequence) {
    private static final long NO_SEQUENCE = -1;

    /** In the order of the primary key, which is the order in which an index takes rows most quickly. */
    static final Comparator<ReadingRow> BY_KEY = ReadingRow::compareKeys;

    ReadingRow(Reading reading, long seriesId, int deviceId) {
        this(
                reading,
                seriesId,
                ColumnArrays.micros(reading.getTime()),
                deviceId,
                Objects.requireNonNullElse(reading.getSequence(), NO_SEQUENCE));
    }

    ReadingStatus status() {
        return reading.getStatus() == ReadingStatus.UNKNOWN ? ReadingStatus.FINAL : reading.getStatus();
    }

    /**
     * What counts of two records of one reading: the last one. But what is sent once more changes nothing, and what comes
     * after its own withdrawal is new.
     */
    ReadingRow then(ReadingRow after) {
        if (after.status() != ReadingStatus.FINAL) {
            return after;
        }
        return status() == ReadingStatus.WITHDRAWN
                // The row that was withdrawn may still be there, and then it is replaced.
                ? after.with(ReadingStatus.CORRECTED)
                : this;
    }

    private ReadingRow with(ReadingStatus status) {
        Reading changed = Reading.newBuilder(reading).setStatus(status).build();
        return new ReadingRow(changed, seriesId, time, deviceId, sequence);
    }

    private static int compareKeys(ReadingRow a, ReadingRow b) {
        int order = Long.compare(a.seriesId, b.seriesId);
        order = order != 0 ? order : Long.compare(a.time, b.time);
        order = order != 0 ? order : Integer.compare(a.deviceId, b.deviceId);
        return order != 0 ? order : Long.compare(a.sequence, b.sequence);
    }
}
