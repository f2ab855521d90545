package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownDevicesTest {
    /** Settings and files of installations go by these codes. */
    @Test
    void codesStay() {
        assertThat(UnknownDevices.values()).extracting(UnknownDevices::code).containsExactly("quarantine", "accept");
    }

    @ParameterizedTest
    @EnumSource
    void ofIsTheInverseOfCode(UnknownDevices policy) {
        assertThat(UnknownDevices.of(policy.code())).isEqualTo(policy);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "yes", "ACCEPT", "quarantine "})
    void anythingElseIsRefused(String code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UnknownDevices.of(code))
                .withMessage("is neither quarantine nor accept");
    }
}
