package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LedgerTest {
    @Test
    void countsAreReadAsTheyWereStored() {
        byte[] stored = Ledger.COUNTS.serializer().serialize("", new long[] {7, 5, 3, 2, 4, 1, 6, 8});

        assertThat(Ledger.COUNTS.deserializer().deserialize("", stored)).containsExactly(7, 5, 3, 2, 4, 1, 6, 8);
    }

    @Test
    void countsOfBeforeThereWereReleasesAndCorrectionsHaveNone() {
        byte[] stored = new byte[3 * Long.BYTES];
        ByteBuffer.wrap(stored).putLong(7).putLong(5).putLong(3);

        assertThat(Ledger.COUNTS.deserializer().deserialize("", stored)).containsExactly(7, 5, 3, 0, 0, 0, 0, 0);
    }
}
