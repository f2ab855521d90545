package org.lifelog.streams.history;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * The values of a {@link Block} as they are stored: as integers of as many decimals as all of them need, or as they are.
 * A value is read back as the very double that was stored: the integer of a decimal form divided by a power of ten is
 * rounded once, as the text of the decimal would be.
 */
final class ValueColumn {
    private static final byte NO_DECIMALS = 127;
    private static final double[] POWERS = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
    private static final double MOST_EXACT = 1L << 53;

    private ValueColumn() {}

    static void write(Block block, ByteBuffer out) {
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

    static void read(Block block, ByteBuffer in) {
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
}
