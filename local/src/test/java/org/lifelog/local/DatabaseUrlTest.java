package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DatabaseUrlTest {
    @Test
    void userAndPasswordAreTakenOutOfTheUrl() {
        assertThat(DatabaseUrl.parse("jdbc:postgresql://db:5432/lifelog?user=me&ssl=true&password=a%26b"))
                .isEqualTo(new ServiceCredentials.Database("jdbc:postgresql://db:5432/lifelog?ssl=true", "me", "a&b"));
    }

    @Test
    void otherDatabasesAreRefused() {
        assertThatThrownBy(() -> DatabaseUrl.parse("jdbc:mysql://db/lifelog")).isInstanceOf(UsageException.class);
    }
}
