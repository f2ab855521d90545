package org.lifelog.registry;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.apache.avro.util.ClassSecurityValidator;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Reading;

class TrustedClassesTest {
    @Test
    void generatedClassesAreTrustedAndOthersAreNot() {
        TrustedClasses.trust();
        assertThatCode(() -> ClassSecurityValidator.validate(Reading.class)).doesNotThrowAnyException();
        assertThatExceptionOfType(SecurityException.class)
                .isThrownBy(() -> ClassSecurityValidator.validate(ProcessBuilder.class));
    }
}
