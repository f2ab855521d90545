package org.lifelog.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodesTest {
    @ParameterizedTest
    @ValueSource(strings = {"S-0042", "0", "caresens-8F31", "00:1B:44:11:3A:B7", "user@site", "a.b_c"})
    void opaqueCodesAreValid(String code) {
        assertThat(Codes.valid(code)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "~device", "a/b", "a b", "a+b", "a#", "홍길동", "a\n", "é"})
    void whatIsNotSafeInKeysAndTopicsIsNot(String code) {
        assertThat(Codes.valid(code)).isFalse();
    }

    @Test
    void sixtyFourCharactersAreTheMost() {
        assertThat(Codes.valid("a".repeat(64))).isTrue();
        assertThat(Codes.valid("a".repeat(65))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"900101-1234567", "9001011234567", "001231-4999999", "991231-8000000"})
    void residentRegistrationNumbersAreRecognised(String code) {
        assertThat(Codes.nationalId(code)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "901301-1234567",
                "900132-1234567",
                "900100-1234567",
                "900101-9234567",
                "900101-0234567",
                "900101-123456",
                "900101-12345678",
                "S900101-1234567"
            })
    void otherNumbersAreNot(String code) {
        assertThat(Codes.nationalId(code)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "dexcom, dexcom",
        "xDrip-DexcomG5 Share2, xDrip-DexcomG5-Share2",
        "loop://iPhone, loop:--iPhone",
        "  ~cuff, cuff",
        "혈압계 7, 7"
    })
    void aNameBecomesACodeAlwaysInTheSameWay(String name, String code) {
        assertThat(Codes.ofName(name)).contains(code);
        assertThat(Codes.valid(code)).isTrue();
    }

    @Test
    void aNameIsCutAtSixtyFourCharactersAndNeedsALetterOrDigit() {
        assertThat(Codes.ofName("x".repeat(80))).contains("x".repeat(64));
        assertThat(Codes.ofName("")).isEmpty();
        assertThat(Codes.ofName("혈압계 ~")).isEmpty();
    }
}
