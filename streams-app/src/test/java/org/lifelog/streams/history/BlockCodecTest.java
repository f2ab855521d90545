package org.lifelog.streams.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockCodecTest {
    private static final long START = 1_763_942_400_000_000L;

    private static List<Known> all(Block block) {
        List<Known> all = new ArrayList<>();
        for (int i = 0; i < block.size; i++) {
            all.add(block.at(i));
        }
        return all;
    }

    private static Block roundTrip(Block block) {
        return BlockCodec.decode(BlockCodec.encode(block));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsStoredIsReadBackToTheLastBit(long seed) {
        Random random = new Random(seed);
        long unit = List.of(1L, 1_000L, 1_000_000L).get(random.nextInt(3));
        int devices = 1 + random.nextInt(3);
        boolean ends = random.nextBoolean();
        boolean sequences = random.nextBoolean();
        Block block = new Block();
        for (int i = 0; i < 200; i++) {
            long time = START + unit * random.nextInt(100_000);
            block.add(new Known(
                    time,
                    "장치-" + random.nextInt(devices),
                    sequences && random.nextInt(4) > 0 ? random.nextLong() >>> 1 : Known.NONE,
                    ends && random.nextBoolean() ? time + unit * (1 + random.nextInt(900)) : Known.NONE,
                    value(random, seed),
                    Known.Status.values()[random.nextInt(3)],
                    seed % 2 == 0 ? 0 : random.nextInt(2) * random.nextInt(101)));
        }
        block.addedAt = random.nextInt(1 << 28);

        Block read = roundTrip(block);

        assertThat(all(read)).isEqualTo(all(block));
        assertThat(read.addedAt).isEqualTo(block.addedAt);
        assertThat(BlockCodec.addedAt(BlockCodec.encode(block))).isEqualTo(block.addedAt);
    }

    private static double value(Random random, long seed) {
        return switch ((int) (seed % 4)) {
            case 0 -> random.nextInt(300);
            case 1 -> Math.round(random.nextDouble() * 4_000 - 100) / 10.0;
            case 2 -> (random.nextInt(300) / 10.0) * 18.0156; // mmol/L of glucose
            default -> random.nextGaussian() * Math.pow(10, random.nextInt(30) - 15);
        };
    }

    @Test
    void timesBeforeTheEpochAndValuesBelowZeroAreKept() {
        Block block = new Block();
        Known known = new Known(-3_600_000_001L, "d", 0, -1, -10.5, Known.Status.FINAL, 0);
        block.add(known);

        assertThat(all(roundTrip(block))).containsExactly(known);
    }

    @Test
    void heartRateOfEachSecondTakesLessThanFourBytes() {
        Block minute = new Block();
        Random random = new Random(1);
        int rate = 70;
        for (int second = 0; second < 60; second++) {
            rate += random.nextInt(5) - 2;
            minute.add(new Known(
                    START + second * 1_000_000L, "watch-0017", Known.NONE, Known.NONE, rate, Known.Status.FINAL, 0));
        }

        assertThat(BlockCodec.encode(minute).length).isLessThan(60 * 3);
    }

    @Test
    void glucoseOfFiveMinutesTakesLessThanFourBytes() {
        Block day = new Block();
        Random random = new Random(1);
        double glucose = 120;
        for (int i = 0; i < 288; i++) {
            glucose = Math.round(glucose + random.nextInt(15) - 7);
            day.add(new Known(START + i * 300_000_000L, "cgm-1", i, Known.NONE, glucose, Known.Status.FINAL, 0));
        }

        assertThat(BlockCodec.encode(day).length).isLessThan(288 * 4);
    }

    /** Written by the version that knew of no priorities: two devices, one interval each. */
    @Test
    void blocksOfAnOlderVersionAreOfPriorityZero() {
        byte[] stored = HexFormat.of()
                .parseHex("02000000070502" + "02" + "0161" + "0162" + "06" + "c801" + "14" + "00" + "0a" + "04" + "0001"
                        + "16" + "2a");
        List<Known> read = all(BlockCodec.decode(stored));

        assertThat(read)
                .containsExactly(
                        new Known(100_000_000, "a", Known.NONE, 110_000_000, 5, Known.Status.FINAL, 0),
                        new Known(110_000_000, "b", Known.NONE, 130_000_000, 7, Known.Status.FINAL, 0));
        assertThat(BlockCodec.devices(stored)).containsExactlyInAnyOrder("a", "b");
        Block same = new Block();
        same.addedAt = 7;
        read.forEach(same::add);
        assertThat(BlockCodec.encode(same)).isEqualTo(stored);
    }

    @Test
    void priorityOfADeviceThatStaysTakesOneByte() {
        Block block = new Block();
        Block ranked = new Block();
        for (int i = 0; i < 100; i++) {
            Known known = new Known(START + i, "d", Known.NONE, Known.NONE, i, Known.Status.FINAL, 0);
            block.add(known);
            ranked.add(new Known(known.time(), "d", Known.NONE, Known.NONE, i, Known.Status.FINAL, 100));
        }

        assertThat(BlockCodec.encode(ranked)).hasSize(BlockCodec.encode(block).length + 1);
        assertThat(BlockCodec.devices(BlockCodec.encode(ranked))).containsExactly("d");
    }

    @Test
    void aCorrectionMayHaveAnotherPriority() {
        Block block = new Block();
        block.add(new Known(START, "d", Known.NONE, Known.NONE, 1, Known.Status.FINAL, 3));
        block.add(new Known(START + 1, "d", Known.NONE, Known.NONE, 2, Known.Status.FINAL, 3));
        Known corrected = new Known(START, "d", Known.NONE, Known.NONE, 5, Known.Status.CORRECTED, 4);
        block.set(block.find(corrected), corrected);

        assertThat(all(roundTrip(block))).extracting(Known::priority).containsExactly(4, 3);
        assertThat(roundTrip(block).find(corrected)).isZero();
    }

    @Test
    void theMarkOfASplitBlockNamesItsDevicesAndAnOlderOneDoesNot() {
        byte[] split = BlockCodec.split(7, List.of("watch", "전화"));

        assertThat(BlockCodec.isSplit(split)).isTrue();
        assertThat(BlockCodec.addedAt(split)).isEqualTo(7);
        assertThat(BlockCodec.devices(split)).containsExactlyInAnyOrder("watch", "전화");
        assertThat(BlockCodec.devices(new byte[] {3, 0, 0, 0, 7})).isEmpty();
    }

    @Test
    void stateOfANewerVersionIsToldFromItsFormat() {
        assertThatThrownBy(() -> BlockCodec.decode(new byte[] {9, 0, 0, 0, 0, 0}))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("newer version");
    }
}
