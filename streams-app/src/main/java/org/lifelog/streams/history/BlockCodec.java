package org.lifelog.streams.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
 * devices  place among the devices, varint each; only where there are several
 * sequences steps less 1, zigzag varints, after a first of zero; only where one is there
 * ends     distance from the time in the unit of the times plus 1, varint, 0 for none; only where one is there
 * statuses 1 byte each; only where one is not FINAL
 * </pre>
 *
 * <p>Where a device has a priority other than 0, the format is {@value #RANKED} and a byte with its priority follows each
 * code. The mark of a block that was split has the same first 5 bytes, and then the number of devices and their codes in the
 * same form; older ones have none of that.
 */
final class BlockCodec {
    static final Known.Status[] STATUSES = Known.Status.values();

    private static final byte FORMAT = 2;
    private static final byte SPLIT = 3;
    private static final byte RANKED = 4;
    private static final int HEADER_BYTES = 1 + Integer.BYTES;
    private static final int MANY_DEVICES = 1;
    private static final int SEQUENCES = 2;
    private static final int ENDS = 4;
    private static final int STATUS = 8;
    private static final int MOST_BYTES_OF_VARINT = 10;
    private static final int COLUMNS = 6;

    private BlockCodec() {}

    /** Stands in the place of a block that was split into blocks of shorter spans, which hold readings of these devices. */
    static byte[] split(int addedAt, Collection<String> devices) {
        List<byte[]> codes = devices.stream()
                .map(code -> code.getBytes(StandardCharsets.UTF_8))
                .toList();
        int bytes = codes.stream()
                .mapToInt(code -> code.length + MOST_BYTES_OF_VARINT)
                .sum();
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + MOST_BYTES_OF_VARINT + bytes);
        out.put(SPLIT).putInt(addedAt);
        ByteUtils.writeUnsignedVarint(codes.size(), out);
        for (byte[] code : codes) {
            writeCode(code, out);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** The devices of which a block, or those that its split has led to, hold readings; empty where that is not known. */
    static Set<String> devices(byte[] stored) {
        ByteBuffer in = ByteBuffer.wrap(stored).position(HEADER_BYTES);
        boolean split = isSplit(stored);
        if (split && !in.hasRemaining()) {
            return Set.of();
        }
        if (!split) {
            in.get();
            ByteUtils.readUnsignedVarint(in);
        }
        Set<String> devices = new HashSet<>();
        for (int left = ByteUtils.readUnsignedVarint(in); left > 0; left--) {
            devices.add(readCode(in));
            if (stored[0] == RANKED) {
                in.get();
            }
        }
        return devices;
    }

    private static void writeCode(byte[] code, ByteBuffer out) {
        ByteUtils.writeUnsignedVarint(code.length, out);
        out.put(code);
    }

    private static String readCode(ByteBuffer in) {
        int length = ByteUtils.readUnsignedVarint(in);
        String code = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return code;
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
        byte[][] codes = new byte[block.sources.size()][];
        boolean ranked = false;
        for (int i = 0; i < codes.length; i++) {
            codes[i] = block.sources.get(i).device().getBytes(StandardCharsets.UTF_8);
            ranked |= block.sources.get(i).priority() != 0;
            devicesBytes += codes[i].length + MOST_BYTES_OF_VARINT;
        }
        int columns = columns(block);
        ByteBuffer out = ByteBuffer.allocate(
                HEADER_BYTES + COLUMNS * MOST_BYTES_OF_VARINT + devicesBytes + block.size * bytesEach(columns));
        out.put(ranked ? RANKED : FORMAT).putInt(block.addedAt).put((byte) columns);
        ByteUtils.writeUnsignedVarint(block.size, out);
        ByteUtils.writeUnsignedVarint(codes.length, out);
        for (int i = 0; i < codes.length; i++) {
            writeCode(codes[i], out);
            if (ranked) {
                out.put((byte) block.sources.get(i).priority());
            }
        }
        int unit = unit(block);
        writeTimes(block, unit, out);
        ValueColumn.write(block, out);
        if ((columns & MANY_DEVICES) != 0) {
            for (int i = 0; i < block.size; i++) {
                ByteUtils.writeUnsignedVarint(block.sourceIndexes[i], out);
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
        int columns = block.sources.size() > 1 ? MANY_DEVICES : 0;
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
        return unit == 6 ? 1_000_000 : unit == 3 ? 1_000 : 1;
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
        if (format != FORMAT && format != RANKED) {
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
            String code = readCode(in);
            block.sources.add(new Block.Source(code, format == RANKED ? in.get() : 0));
        }
        long micros = microsOf(in.get());
        readTimes(block, micros, in);
        ValueColumn.read(block, in);
        if ((columns & MANY_DEVICES) != 0) {
            for (int i = 0; i < block.size; i++) {
                block.sourceIndexes[i] = ByteUtils.readUnsignedVarint(in);
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
