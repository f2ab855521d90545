package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.lifelog.embedded.testing.TestDatabase;

/** What goes well is in {@link PseudonymCommandTest}. */
class AuditLineTest {
    @Test
    void aDatabaseWithoutTheTableIsToldWithoutTheSubject() {
        TestDatabase empty = TestDatabase.create("audit");
        ServiceCredentials.Database database =
                new ServiceCredentials.Database(empty.jdbcUrl(), empty.username(), empty.password());
        assertThatExceptionOfType(UserException.class)
                .isThrownBy(() -> new AuditLine("kim", "isens", "S-0042", "pseudonym", "why").write(database))
                .withMessageContaining("there is no such table; the sink makes it when it starts.")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("S-0042"));
    }
}
