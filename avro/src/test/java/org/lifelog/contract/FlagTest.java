package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FlagTest {
    @Test
    void flagsAreBitsInTheDatabase() {
        assertThat(Flag.bits(List.of("below-range", "late"))).isEqualTo(0b1010);
        assertThat(Flag.codes(0b1010)).containsExactly("below-range", "late");
    }

    /** What is in databases already must keep its meaning. */
    @Test
    void bitsAndCodesStay() {
        assertThat(Flag.values())
                .extracting(flag -> flag.code() + "=" + flag.bit())
                .containsExactly(
                        "outside-usual-range=1",
                        "below-range=2",
                        "above-range=4",
                        "late=8",
                        "time-fault-reported=16",
                        "clock-suspect=32",
                        "probable-duplicate=64",
                        "rate-of-change=128",
                        "frozen=256",
                        "off-grid=512",
                        "corrected=1024",
                        "derived=2048");
    }

    @Test
    void codesOfANewerVersionAreLeftOut() {
        assertThat(Flag.of("of-a-newer-version")).isEmpty();
        assertThat(Flag.bits(List.of("of-a-newer-version", "late"))).isEqualTo(Flag.LATE.bit());
        assertThat(Flag.codes(1 << 20 | Flag.LATE.bit())).containsExactly("late");
    }

    @Property
    void everySetComesBack(@ForAll Set<Flag> flags) {
        List<String> codes = flags.stream().map(Flag::code).toList();
        assertThat(Flag.codes(Flag.bits(codes))).containsExactlyInAnyOrderElementsOf(codes);
        assertThat(codes).allSatisfy(code -> assertThat(Flag.of(code)).isPresent());
    }
}
