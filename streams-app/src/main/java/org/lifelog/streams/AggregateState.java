package org.lifelog.streams;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.lifelog.contract.Metric;
import org.lifelog.streams.history.Micros;

/**
 * The state of one window of one series. Whatever the order in which readings come, the result is the same but for the
 * last bits of the sums: first and last go by effective time (and by value where that is equal), the deviation is
 * Welford's, the sum is compensated (Neumaier). Where nothing is in it, its numbers are NaN.
 */
final class AggregateState {
    private static final byte FORMAT = 1;
    private static final int FIXED_BYTES = 1 + 2 * Long.BYTES + 9 * Double.BYTES + 2 * (Long.BYTES + Integer.BYTES) + 1;

    private long version;
    private long n;
    private double sum;
    private double compensation;
    private double mean;
    private double squares;
    private double energy;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double first;
    private double last;
    /** In microseconds since the epoch. */
    private long firstTime;

    private long lastTime;
    private final long[] bands;

    /** An empty window of a metric. */
    AggregateState(Metric metric) {
        this(metric.bands().count());
    }

    private AggregateState(int bandCount) {
        bands = new long[bandCount];
    }

    /**
     * Adds a value.
     *
     * @param time its effective time in microseconds since the epoch
     */
    void add(long time, double value, Metric metric) {
        version++;
        n++;
        addToSum(value);
        double delta = value - mean;
        mean += delta / n;
        squares += delta * (value - mean);
        if (metric.kind() == Metric.Kind.LEVEL) {
            energy += Math.pow(10, value / 10);
        }
        min = Math.min(min, value);
        max = Math.max(max, value);
        if (n == 1 || time < firstTime || (time == firstTime && value < first)) {
            firstTime = time;
            first = value;
        }
        if (n == 1 || time > lastTime || (time == lastTime && value > last)) {
            lastTime = time;
            last = value;
        }
        // A state of an older catalogue may have other bands; counting into them would mix two meanings.
        if (bands.length == metric.bands().count() && bands.length > 0) {
            bands[metric.bands().band(value)]++;
        }
    }

    private void addToSum(double value) {
        double total = sum + value;
        compensation += Math.abs(sum) >= Math.abs(value) ? (sum - total) + value : (value - total) + sum;
        sum = total;
    }

    /** An empty window that comes after this one. */
    AggregateState anew(Metric metric) {
        AggregateState newer = new AggregateState(metric);
        newer.version = version + 1;
        return newer;
    }

    long version() {
        return version;
    }

    long n() {
        return n;
    }

    double sum() {
        return n == 0 ? Double.NaN : sum + compensation;
    }

    /** The arithmetic mean, or the mean of the energy for a level in decibel. */
    double mean(Metric metric) {
        return metric.kind() == Metric.Kind.LEVEL ? 10 * Math.log10(energy / n) : sum() / n;
    }

    double min() {
        return n == 0 ? Double.NaN : min;
    }

    double max() {
        return n == 0 ? Double.NaN : max;
    }

    double first() {
        return n == 0 ? Double.NaN : first;
    }

    double last() {
        return n == 0 ? Double.NaN : last;
    }

    /** The sample standard deviation (n - 1); null for a single reading. */
    Double sd() {
        return n < 2 ? null : Math.sqrt(squares / (n - 1));
    }

    long[] bands() {
        return bands;
    }

    /** How windows are stored: numbers of fixed length, then the counts of the bands. */
    static Serde<AggregateState> serde() {
        Serializer<AggregateState> serializer = (topic, state) -> state == null ? null : state.toBytes();
        Deserializer<AggregateState> deserializer = (topic, bytes) -> bytes == null ? null : ofBytes(bytes);
        return Serdes.serdeFrom(serializer, deserializer);
    }

    private byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + bands.length * Long.BYTES);
        out.put(FORMAT).putLong(version).putLong(n);
        out.putDouble(sum)
                .putDouble(compensation)
                .putDouble(mean)
                .putDouble(squares)
                .putDouble(energy);
        out.putDouble(min).putDouble(max);
        put(out, firstTime);
        put(out, lastTime);
        out.putDouble(first).putDouble(last).put((byte) bands.length);
        for (long count : bands) {
            out.putLong(count);
        }
        return out.array();
    }

    private static AggregateState ofBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte format = in.get();
        if (format != FORMAT) {
            throw new SerializationException("The state of a window is of format " + format + ", not " + FORMAT
                    + ": it was written by a newer version of the service.");
        }
        long version = in.getLong();
        long n = in.getLong();
        double[] numbers = new double[7];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.getDouble();
        }
        long firstTime = micros(in);
        long lastTime = micros(in);
        double first = in.getDouble();
        double last = in.getDouble();
        AggregateState state = new AggregateState(in.get());
        state.version = version;
        state.n = n;
        state.sum = numbers[0];
        state.compensation = numbers[1];
        state.mean = numbers[2];
        state.squares = numbers[3];
        state.energy = numbers[4];
        state.min = numbers[5];
        state.max = numbers[6];
        state.firstTime = firstTime;
        state.lastTime = lastTime;
        state.first = first;
        state.last = last;
        for (int i = 0; i < state.bands.length; i++) {
            state.bands[i] = in.getLong();
        }
        return state;
    }

    private static void put(ByteBuffer out, long micros) {
        Instant time = Micros.toInstant(micros);
        out.putLong(time.getEpochSecond()).putInt(time.getNano());
    }

    private static long micros(ByteBuffer in) {
        return Micros.of(Instant.ofEpochSecond(in.getLong(), in.getInt()));
    }
}
