package org.lifelog.streams.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The remembered readings of one series in one span of time, of all devices, in the order of their effective time. Held in
 * columns; {@link BlockCodec} has the form in which it is stored.
 */
final class Block {
    private static final int FEW = 8;

    /** A device and its rank. */
    record Source(String device, int priority) {}

    final List<Source> sources;
    int size;
    long[] times;
    int[] sourceIndexes;
    long[] sequences;
    long[] ends;
    double[] values;
    byte[] statuses;
    /** When it was last added to, in minutes since the epoch. */
    int addedAt;

    Block() {
        this(FEW);
    }

    Block(int capacity) {
        sources = new ArrayList<>(1);
        times = new long[capacity];
        sourceIndexes = new int[capacity];
        sequences = new long[capacity];
        ends = new long[capacity];
        values = new double[capacity];
        statuses = new byte[capacity];
    }

    Known at(int index) {
        Source source = sources.get(sourceIndexes[index]);
        return new Known(
                times[index],
                source.device(),
                sequences[index],
                ends[index],
                values[index],
                BlockCodec.STATUSES[statuses[index]],
                source.priority());
    }

    /** The place of the first reading at a time or after it. */
    int firstAt(long time) {
        // In order of time nearly all come at the end.
        if (size == 0 || times[size - 1] < time) {
            return size;
        }
        int low = 0;
        int high = size - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The place of the reading with an identity, or -1. */
    int find(Known identity) {
        for (int i = firstAt(identity.time()); i < size && times[i] == identity.time(); i++) {
            if (sequences[i] == identity.sequence()
                    && sources.get(sourceIndexes[i]).device().equals(identity.device())) {
                return i;
            }
        }
        return -1;
    }

    void add(Known known) {
        if (size == times.length) {
            grow();
        }
        int at = firstAt(known.time());
        int moved = size - at;
        if (moved > 0) {
            System.arraycopy(times, at, times, at + 1, moved);
            System.arraycopy(sourceIndexes, at, sourceIndexes, at + 1, moved);
            System.arraycopy(sequences, at, sequences, at + 1, moved);
            System.arraycopy(ends, at, ends, at + 1, moved);
            System.arraycopy(values, at, values, at + 1, moved);
            System.arraycopy(statuses, at, statuses, at + 1, moved);
        }
        size++;
        times[at] = known.time();
        sequences[at] = known.sequence();
        set(at, known);
    }

    /** Changes what is known of the reading at a place; its identity stays. */
    void set(int at, Known known) {
        sourceIndexes[at] = index(new Source(known.device(), known.priority()));
        ends[at] = known.end();
        values[at] = known.value();
        statuses[at] = (byte) known.status().ordinal();
    }

    /** The same without the reading at a place. */
    Block without(int at) {
        Block less = new Block(Math.max(FEW, size));
        less.addedAt = addedAt;
        for (int i = 0; i < size; i++) {
            if (i != at) {
                less.add(at(i));
            }
        }
        return less;
    }

    private int index(Source source) {
        int index = sources.indexOf(source);
        if (index < 0) {
            index = sources.size();
            sources.add(source);
        }
        return index;
    }

    private void grow() {
        int length = 2 * size;
        times = Arrays.copyOf(times, length);
        sourceIndexes = Arrays.copyOf(sourceIndexes, length);
        sequences = Arrays.copyOf(sequences, length);
        ends = Arrays.copyOf(ends, length);
        values = Arrays.copyOf(values, length);
        statuses = Arrays.copyOf(statuses, length);
    }
}
