package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributesTest {
    @Test
    void keysAreInOrder() {
        assertThat(Attributes.canonical(Map.of("side", "left", "site", "neck", "frequency", "1000")))
                .isEqualTo("frequency=1000;side=left;site=neck");
    }

    @Test
    void noAttributesAreAnEmptyText() {
        assertThat(Attributes.canonical(Map.of())).isEqualTo(Attributes.NONE).isEmpty();
        assertThat(Attributes.parse("")).isEmpty();
    }

    @Test
    void valuesMayHoldAnEqualsSign() {
        assertThat(Attributes.parse("ear=left=right")).isEqualTo(Map.of("ear", "left=right"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ear", "=left", "ear=left;", "ear=left;;frequency=500", ";"})
    void whatIsNoPairIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Attributes.parse(text))
                .withMessage("Attributes are key=value pairs joined by semicolons.");
    }

    @Property
    void parseIsTheInverseOfCanonical(@ForAll("attributes") Map<String, String> attributes) {
        assertThat(Attributes.parse(Attributes.canonical(attributes))).isEqualTo(attributes);
    }

    @Provide
    Arbitrary<Map<String, String>> attributes() {
        Arbitrary<String> keys = Arbitraries.strings()
                .withChars("abcdefghijklmnopqrstuvwxyz_!")
                .ofMinLength(1)
                .ofMaxLength(8);
        Arbitrary<String> values =
                Arbitraries.strings().excludeChars(';').ofMinLength(1).ofMaxLength(8);
        return Arbitraries.maps(keys, values).ofMaxSize(5);
    }
}
