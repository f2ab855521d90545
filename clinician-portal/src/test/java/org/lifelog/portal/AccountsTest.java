package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.runtime.Passwords;

class AccountsTest {
    private static final Centers CENTERS = Centers.load(Catalogue.load());

    @TempDir
    Path folder;

    @Test
    void accountOfAUsername() throws Exception {
        String hash = Passwords.hash("pw");
        Accounts accounts =
                load("{\"kim\": {\"center\": \"isens\", \"role\": \"clinician\", \"hash\": \"" + hash + "\"}}");

        assertThat(accounts.account("kim")).hasValue(new Account("kim", "isens", "clinician", hash));
        assertThat(accounts.account("Kim")).isEmpty();
    }

    @Test
    void everyProblemIsNamedAndNoHash() {
        assertThatThrownBy(() -> load("{\"a\": {\"center\": \"nowhere\", \"role\": \"clinician\", \"hash\": \"x\"},"
                        + " \"b\": {\"center\": \"isens\", \"role\": \"boss\", \"hash\": \"x\"},"
                        + " \"c\": {\"center\": \"isens\", \"role\": \"clinician\", \"hash\": \"plaintext\"},"
                        + " \"d\": null}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a: the center")
                .hasMessageContaining("b: the role")
                .hasMessageContaining("c: the hash")
                .hasMessageContaining("d: the center")
                .hasMessageNotContaining("plaintext");
    }

    @Test
    void missingFileSaysWhatToSet() {
        assertThatThrownBy(() -> Accounts.load(folder.resolve("none.json"), CENTERS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("portal.accounts");
    }

    private Accounts load(String json) throws Exception {
        return Accounts.load(Files.writeString(folder.resolve("accounts.json"), json), CENTERS);
    }
}
