package org.lifelog.streams.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * The stored form of a {@link Block}, column by column, so that what is alike lies together:
 *
 * <pre>
 * 1 byte   format
 * 4 bytes  when it was last added to, minutes since the epoch
 * 1 byte   which columns there are
 * varint   number of readings, then of devices, then each device's code with its length in bytes
 * times    1 byte unit (0, 3 or 6: microseconds, milliseconds, seconds), then the first time, the first step and the
 *          changes of the step, zigzag varints in that unit
 * values   1 byte decimals, then the first value and the steps, zigzag varints; or, where a value has no short decimal
 *          form, the byte 127 and 8 bytes for each value
 * devices  varint each; only where there are several
 * sequences steps less 1, zigzag varints, after a first of zero; only where one is there
 * ends     distance from the time in the unit of the times plus 1, varint, 0 for none; only where one is there
 * statuses 1 byte each; only where one is not FINAL
 * </pre>
 *
 * <p>A value is read back as the very double that was stored: the integer of a decimal form divided by a power of ten is
 * rounded once, as the text of the decimal would be.
 */
final class BlockCodec {
    static final Known.Status[] STATUSES = Known.Status.values();

    private static final byte FORMAT = 2;
    private static final byte SPLIT = 3;
    private static final int HEADER_BYTES = 1 + Integer.BYTES;
    private static final int MANY_DEVICES = 1;
    private static final int SEQUENCES = 2;
    private static final int ENDS = 4;
    private static final int STATUS = 8;
    private static final byte NO_DECIMALS = 127;
    private static final double[] POWERS = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
    private static final double MOST_EXACT = 1L << 53;
    private static final int MOST_BYTES_OF_VARINT = 10;
    private static final int COLUMNS = 6;

    private BlockCodec() {}

    /** Stands in the place of a block that was split into blocks of shorter spans. */
    static byte[] split(int addedAt) {
        return ByteBuffer.allocate(HEADER_BYTES).put(SPLIT).putInt(addedAt).array();
    }

    static boolean isSplit(byte[] stored) {
        return stored[0] == SPLIT;
    }

    /** When a block, or one that its split has led to, was last added to, in minutes since the epoch. */
    static int addedAt(byte[] stored) {
        return ByteBuffer.wrap(stored).getInt(1);
    }

    static byte[] encode(Block block) {
        int devicesBytes = 0;
        byte[][] codes = new byte[block.devices.size()][];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = block.devices.get(i).getBytes(StandardCharsets.UTF_8);
            devicesBytes += codes[i].length + MOST_BYTES_OF_VARINT;
        }
        int columns = columns(block);
        ByteBuffer out = ByteBuffer.allocate(
                HEADER_BYTES + COLUMNS * MOST_BYTES_OF_VARINT + devicesBytes + block.size * bytesEach(columns));
        out.put(FORMAT).putInt(block.addedAt).put((byte) columns);
        ByteUtils.writeUnsignedVarint(block.size, out);
        ByteUtils.writeUnsignedVarint(codes.length, out);
        for (byte[] code : codes) {
            ByteUtils.writeUnsignedVarint(code.length, out);
            out.put(code);
        }
        int unit = unit(block);
        writeTimes(block, unit, out);
        writeValues(block, out);
        if ((columns & MANY_DEVICES) != 0) {
            for (int i = 0; i < block.size; i++) {
                ByteUtils.writeUnsignedVarint(block.deviceIndexes[i], out);
            }
        }
        if ((columns & SEQUENCES) != 0) {
            writeSequences(block, out);
        }
        if ((columns & ENDS) != 0) {
            long micros = microsOf(unit);
            for (int i = 0; i < block.size; i++) {
                boolean none = block.ends[i] == Known.NONE;
                ByteUtils.writeVarlong(none ? 0 : (block.ends[i] - block.times[i]) / micros + 1, out);
            }
        }
        if ((columns & STATUS) != 0) {
            out.put(block.statuses, 0, block.size);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static int columns(Block block) {
        int columns = block.devices.size() > 1 ? MANY_DEVICES : 0;
        for (int i = 0; i < block.size; i++) {
            columns |= block.sequences[i] == Known.NONE ? 0 : SEQUENCES;
            columns |= block.ends[i] == Known.NONE ? 0 : ENDS;
            columns |= block.statuses[i] == 0 ? 0 : STATUS;
        }
        return columns;
    }

    private static int bytesEach(int columns) {
        return MOST_BYTES_OF_VARINT * (2 + Integer.bitCount(columns));
    }

    /** The largest unit in which all times and ends are whole. */
    private static int unit(Block block) {
        boolean millis = true;
        boolean seconds = true;
        for (int i = 0; i < block.size && millis; i++) {
            long end = block.ends[i] == Known.NONE ? 0 : block.ends[i];
            millis = block.times[i] % 1_000 == 0 && end % 1_000 == 0;
            seconds &= block.times[i] % 1_000_000 == 0 && end % 1_000_000 == 0;
        }
        return !millis ? 0 : seconds ? 6 : 3;
    }

    private static long microsOf(int unit) {
        return (long) POWERS[unit];
    }

    private static void writeTimes(Block block, int unit, ByteBuffer out) {
        out.put((byte) unit);
        long micros = microsOf(unit);
        long last = 0;
        long step = 0;
        for (int i = 0; i < block.size; i++) {
            long time = block.times[i] / micros;
            // The first time is no step that another one could be like.
            long newStep = time - last;
            ByteUtils.writeVarlong(i < 2 ? newStep : newStep - step, out);
            last = time;
            step = newStep;
        }
    }

    private static void readTimes(Block block, long micros, ByteBuffer in) {
        long last = 0;
        long step = 0;
        for (int i = 0; i < block.size; i++) {
            step = i < 2 ? ByteUtils.readVarlong(in) : step + ByteUtils.readVarlong(in);
            last += step;
            block.times[i] = last * micros;
        }
    }

    private static void writeValues(Block block, ByteBuffer out) {
        int decimals = 0;
        for (int i = 0; i < block.size && decimals < POWERS.length; ) {
            double scaled = block.values[i] * POWERS[decimals];
            if (Math.abs(scaled) < MOST_EXACT && Math.rint(scaled) / POWERS[decimals] == block.values[i]) {
                i++;
            } else {
                decimals++;
                // Those before have fewer decimals, and as a rule more do them no harm; the next loop makes sure.
            }
        }
        if (decimals == POWERS.length || !exact(block, decimals)) {
            out.put(NO_DECIMALS);
            for (int i = 0; i < block.size; i++) {
                out.putDouble(block.values[i]);
            }
            return;
        }
        out.put((byte) decimals);
        long last = 0;
        for (int i = 0; i < block.size; i++) {
            long value = (long) Math.rint(block.values[i] * POWERS[decimals]);
            ByteUtils.writeVarlong(value - last, out);
            last = value;
        }
    }

    private static boolean exact(Block block, int decimals) {
        for (int i = 0; i < block.size; i++) {
            double scaled = block.values[i] * POWERS[decimals];
            if (Math.abs(scaled) >= MOST_EXACT || Math.rint(scaled) / POWERS[decimals] != block.values[i]) {
                return false;
            }
        }
        return true;
    }

    private static void readValues(Block block, ByteBuffer in) {
        byte decimals = in.get();
        if (decimals == NO_DECIMALS) {
            for (int i = 0; i < block.size; i++) {
                block.values[i] = in.getDouble();
            }
            return;
        }
        long last = 0;
        for (int i = 0; i < block.size; i++) {
            last += ByteUtils.readVarlong(in);
            block.values[i] = last / POWERS[decimals];
        }
    }

    /** One more than a sequence, so that 0 is none. */
    private static void writeSequences(Block block, ByteBuffer out) {
        long last = 0;
        for (int i = 0; i < block.size; i++) {
            long number = block.sequences[i] == Known.NONE ? 0 : block.sequences[i] + 1;
            ByteUtils.writeVarlong(number - last - 1, out);
            last = number;
        }
    }

    private static void readSequences(Block block, ByteBuffer in) {
        long last = 0;
        for (int i = 0; i < block.size; i++) {
            last += ByteUtils.readVarlong(in) + 1;
            block.sequences[i] = last == 0 ? Known.NONE : last - 1;
        }
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws SerializationException where it is of another format
     */
    static Block decode(byte[] stored) {
        ByteBuffer in = ByteBuffer.wrap(stored);
        byte format = in.get();
        if (format != FORMAT) {
            throw new SerializationException("Remembered readings are of format " + format + ", not " + FORMAT
                    + ": they were written by a newer version of the service.");
        }
        int addedAt = in.getInt();
        int columns = in.get();
        int size = ByteUtils.readUnsignedVarint(in);
        Block block = new Block(size + 1);
        block.size = size;
        block.addedAt = addedAt;
        for (int left = ByteUtils.readUnsignedVarint(in); left > 0; left--) {
            int length = ByteUtils.readUnsignedVarint(in);
            block.devices.add(new String(stored, in.position(), length, StandardCharsets.UTF_8));
            in.position(in.position() + length);
        }
        long micros = microsOf(in.get());
        readTimes(block, micros, in);
        readValues(block, in);
        if ((columns & MANY_DEVICES) != 0) {
            for (int i = 0; i < block.size; i++) {
                block.deviceIndexes[i] = ByteUtils.readUnsignedVarint(in);
            }
        }
        if ((columns & SEQUENCES) != 0) {
            readSequences(block, in);
        } else {
            Arrays.fill(block.sequences, Known.NONE);
        }
        if ((columns & ENDS) != 0) {
            for (int i = 0; i < block.size; i++) {
                long end = ByteUtils.readVarlong(in);
                block.ends[i] = end == 0 ? Known.NONE : block.times[i] + (end - 1) * micros;
            }
        } else {
            Arrays.fill(block.ends, Known.NONE);
        }
        if ((columns & STATUS) != 0) {
            in.get(block.statuses, 0, block.size);
        }
        return block;
    }
}
