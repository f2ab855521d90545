package org.lifelog.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.runtime.Passwords;

class CredentialsTest {
    private static final Centers CENTERS = Centers.load(Catalogue.load());
    private static final String HASH = Passwords.hash("secret");

    @TempDir
    private Path folder;

    @Test
    void theRightPasswordIsTheCredentialOfItsCenter() throws IOException {
        Credentials credentials = credentials("{\"vendor\": {\"center\": \"isens\", \"hash\": \"" + HASH + "\"}}");
        assertThat(credentials.verify("vendor", "secret")).contains(ofIsens());
        assertThat(credentials.verify("vendor", "Secret")).isEmpty();
        assertThat(credentials.verify("vendor", "")).isEmpty();
        assertThat(credentials.verify("nobody", "secret")).isEmpty();
    }

    @Test
    void onlyWhatWasRightIsRemembered() throws IOException {
        Credentials credentials = credentials("{\"vendor\": {\"center\": \"isens\", \"hash\": \"" + HASH + "\"}}");
        assertThat(credentials.remembered("vendor", "secret")).isEmpty();
        credentials.verify("vendor", "wrong");
        assertThat(credentials.remembered("vendor", "wrong")).isEmpty();
        credentials.verify("vendor", "secret");
        assertThat(credentials.remembered("vendor", "secret")).contains(ofIsens());
        assertThat(credentials.remembered("vendor", "wrong")).isEmpty();
        // Name and password are told apart: nobody is let in with a part of the name as the password's beginning.
        assertThat(credentials.remembered("vendo", "rsecret")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"vendor\": \"secret\"}",
                "{\"vendor\": {\"center\": \"isens\", \"hash\": \"HASH\", \"password\": \"secret\"}}",
                "{\"vendor\": {\"center\": \"isens\", \"hash\": \"HASH\"}"
            })
    void aFileOfAnotherFormIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> credentials(text.replace("HASH", HASH)))
                .withMessageContaining("credentials.json is not {\"username\": {\"center\":");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{\"center\": \"isens\"}",
                "{\"hash\": \"HASH\"}",
                "{\"center\": \"elsewhere\", \"hash\": \"HASH\"}",
                "{\"centers\": [], \"hash\": \"HASH\"}",
                "{\"centers\": [\"isens\", \"elsewhere\"], \"hash\": \"HASH\"}",
                "{\"center\": \"isens\", \"centers\": [\"goodoc\"], \"hash\": \"HASH\"}",
                "{\"center\": \"isens\", \"hash\": \"secret\"}",
                "{\"center\": \"isens\", \"hash\": \"pbkdf2-sha256$many$c2FsdA$aGFzaA\"}"
            })
    void anEntryThatCannotBeUsedIsNamedAtTheStart(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> credentials("{\"vendor\": " + entry.replace("HASH", HASH) + "}"))
                .withMessageEndingWith(
                        "credentials.json: vendor has no hash of a password, no subject of a certificate, or a center that is"
                                + " not configured")
                .withMessageNotContaining("secret");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new Credentials(folder.resolve("none.json"), CENTERS))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none.json");
    }

    @Test
    void aVendorMayHaveSeveralCentersOnlyWhereTheFileSaysSo() throws IOException {
        Credentials credentials =
                credentials("{\"vendor\": {\"centers\": [\"isens\", \"goodoc\"], \"hash\": \"" + HASH + "\"}}");
        Credential credential = credentials.verify("vendor", "secret").orElseThrow();
        assertThat(credential.senderFor("isens")).isEqualTo(new Sender("isens", "vendor"));
        assertThat(credential.senderFor("goodoc")).isEqualTo(new Sender("goodoc", "vendor"));
        assertThatThrownBy(() -> credential.senderFor("kweather"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.failure()).isEqualTo(Failure.FORBIDDEN));
    }

    @Test
    void anApiSecretIsOfItsCenterOnly() throws IOException {
        Credentials credentials = credentials("{\"xdrip\": {\"center\": \"isens\", \"nightscout\": \"" + HASH + "\"}}");
        assertThat(credentials.verifyApiSecret("isens", "secret"))
                .contains(new Credential("xdrip", Set.of("isens"), Optional.empty()));
        assertThat(credentials.verifyApiSecret("isens", "wrong")).isEmpty();
        assertThat(credentials.verifyApiSecret("goodoc", "secret")).isEmpty();
        // It is no password.
        assertThat(credentials.verify("xdrip", "secret")).isEmpty();
    }

    @Test
    void afterRereadingOnlyWhatIsUnchangedIsTheSame() throws IOException {
        String entry = "\"%s\": {\"center\": \"isens\", \"hash\": \"" + HASH + "\"}";
        Credentials before = credentials("{" + entry.formatted("kept") + ", " + entry.formatted("gone") + ", "
                + entry.formatted("changed") + "}");
        Credential kept = before.verify("kept", "secret").orElseThrow();
        Credential gone = before.verify("gone", "secret").orElseThrow();
        Credential changed = before.verify("changed", "secret").orElseThrow();
        Path file = Files.writeString(
                folder.resolve("credentials.json"),
                "{" + entry.formatted("kept") + ", "
                        + entry.formatted("changed").replace(HASH, Passwords.hash("another")) + "}");
        Credentials after = before.reread(file, CENTERS);
        assertThat(after.has(kept)).isTrue();
        assertThat(after.has(gone)).isFalse();
        assertThat(after.has(changed)).isFalse();
        assertThat(after.remembered("changed", "secret")).isEmpty();
    }

    private static Credential ofIsens() {
        return new Credential("vendor", Set.of("isens"), Optional.empty());
    }

    private Credentials credentials(String text) throws IOException {
        return new Credentials(Files.writeString(folder.resolve("credentials.json"), text), CENTERS);
    }
}
