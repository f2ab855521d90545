package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectKeyTest {
    @Test
    void aKeyIsCenterAndSubject() {
        assertThat(SubjectKey.of("isens", "S-0042")).hasToString("isens/S-0042");
        assertThat(SubjectKey.parse("isens/S-0042")).isEqualTo(new SubjectKey("isens", "S-0042"));
    }

    @Test
    void aDeviceStandsInForAnUnknownSubject() {
        assertThat(SubjectKey.ofDevice("isens", "meter-1")).hasToString("isens/~meter-1");
        assertThat(SubjectKey.of("isens", SubjectKey.unassigned("meter-1")))
                .isEqualTo(SubjectKey.ofDevice("isens", "meter-1"));
    }

    @Test
    void aDeviceInPlaceOfASubjectIsTold() {
        assertThat(SubjectKey.unassigned("meter-1")).isEqualTo("~meter-1").matches(SubjectKey::isUnassigned);
        assertThat(SubjectKey.isUnassigned("S-0042")).isFalse();
        assertThat(SubjectKey.isUnassigned("S~1")).isFalse();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "/", "isens", "isens/", "/S-0042"})
    void aKeyWithoutCenterOrNameIsRefused(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubjectKey.parse(key))
                .withMessage("A key is center/subject or center/~device.");
    }

    @Property
    void parseIsTheInverseOfToString(@ForAll @AlphaChars @NotEmpty String center, @ForAll @NotEmpty String name) {
        SubjectKey key = SubjectKey.of(center, name);
        assertThat(SubjectKey.parse(key.toString())).isEqualTo(key);
    }
}
