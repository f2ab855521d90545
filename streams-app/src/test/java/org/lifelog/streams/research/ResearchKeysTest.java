package org.lifelog.streams.research;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.slf4j.LoggerFactory;

class ResearchKeysTest {
    private static final Centers CENTERS = Centers.load(Catalogue.load());

    @TempDir
    private Path folder;

    private final Logger log = (Logger) LoggerFactory.getLogger(ReleaseFile.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        log.addAppender(logged);
    }

    @AfterEach
    void listenNoMore() {
        log.detachAppender(logged);
    }

    private void write(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private List<String> problems() {
        try {
            new ResearchKeys(folder).load(CENTERS);
            return List.of();
        } catch (KeysException e) {
            return e.problems();
        }
    }

    @Test
    void aCenterWithAFileHasARelease() throws IOException {
        write("isens.yaml", Releases.file("2026-11", 26));
        write("..data.yaml", "what a mounted Secret has beside it");
        write("notes.txt", "nothing");

        assertThat(new ResearchKeys(folder).load(CENTERS))
                .containsOnlyKeys("isens")
                .containsEntry("isens", Releases.of("isens", "2026-11", 26));
        assertThat(new ResearchKeys(folder).load("isens")).isEqualTo(Releases.of("isens", "2026-11", 26));
        assertThat(logged.list).isEmpty();
    }

    @Test
    void modelsOfTenSubjectsAreNamedUnlessTheFileSaysOtherwise() throws IOException {
        write("isens.yaml", Releases.file("r1", 0).replace("model_subjects: 2\n", ""));
        assertThat(new ResearchKeys(folder).load("isens").modelSubjects()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "release: r1         | release: a/b            | release is missing, or is not up to 32 letters, digits, dots and hyphens",
                "release: r1         | other: r1               | is not YAML with release, subject_key, device_key, date_shift_weeks and model_subjects only",
                "date_shift_weeks: 4 | date_shift_weeks: 105   | date_shift_weeks is missing, or is not from 0 to 104",
                "date_shift_weeks: 4 | date_shift_weeks: often | is not YAML with release, subject_key, device_key, date_shift_weeks and model_subjects only",
                "date_shift_weeks: 4 | # none                  | date_shift_weeks is missing, or is not from 0 to 104",
                "model_subjects: 2   | model_subjects: 0       | model_subjects is missing, or is not from 1 to 1000",
                "ODk6Ozw9Pj8=        | ODk6Ozw9P!8=            | device_key is not base64",
            })
    void whatIsWrongIsTold(String right, String wrong, String problem) throws IOException {
        write("isens.yaml", Releases.file("r1", 4).replace(right, wrong));
        assertThat(problems()).containsExactly("isens.yaml: " + problem);
    }

    @Test
    void aShortKeyIsRefusedAndAMissingOneToo() throws IOException {
        write("isens.yaml", Releases.file("r1", "c2hvcnQ=", Releases.DEVICE_KEY, 4));
        write("goodoc.yaml", "release: r1\nsubject_key: " + Releases.keyOf(1) + "\ndate_shift_weeks: 0\n");
        assertThat(problems())
                .containsExactly(
                        "goodoc.yaml: device_key has 0 bytes and needs 32 at least; openssl rand -base64 32 makes one",
                        "isens.yaml: subject_key has 5 bytes and needs 32 at least; openssl rand -base64 32 makes one");
    }

    @Test
    void oneKeyIsForOnePurposeInOneCenter() throws IOException {
        write("isens.yaml", Releases.file("r1", Releases.keyOf(1), Releases.keyOf(1), 4));
        assertThat(problems()).containsExactly("isens.yaml: subject_key and device_key are the same");

        write("isens.yaml", Releases.file("r1", Releases.keyOf(1), Releases.keyOf(2), 4));
        write("goodoc.yaml", Releases.file("r1", Releases.keyOf(3), Releases.keyOf(1), 4));
        assertThat(problems()).containsExactly("isens.yaml: has a key of goodoc");
    }

    @Test
    void aFileOfNoCenterIsAMistake() throws IOException {
        write("isense.yaml", Releases.file("r1", 4));
        assertThat(problems()).containsExactly("isense.yaml: there is no center isense");
    }

    /** The line that is wrong may be a key, and the parser would show it. */
    @ParameterizedTest
    @CsvSource({"'{%s'", "'subject_key: [%s'", "'- %s'", "'%s'", "'%s: 1'", "'release: {a: %s}'"})
    void noProblemShowsAKey(String content) throws IOException {
        write("isens.yaml", content.formatted(Releases.SUBJECT_KEY));
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> new ResearchKeys(folder).load("isens"))
                .withMessageNotContaining(Releases.SUBJECT_KEY.substring(0, 8))
                .withNoCause();
    }

    @Test
    void anEmptyFileAMissingFileAndAMissingFolderAreTold() throws IOException {
        write("isens.yaml", "");
        assertThat(problems()).singleElement().asString().startsWith("isens.yaml: is ");
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> new ResearchKeys(folder).load("goodoc"))
                .withMessageContaining("goodoc.yaml: cannot be read (NoSuchFileException)");
        assertThatExceptionOfType(KeysException.class)
                .isThrownBy(() -> new ResearchKeys(folder.resolve("none")).load(CENTERS))
                .withMessageContaining("the folder cannot be read (NoSuchFileException)");
    }

    @Test
    void aFileThatOthersCanReadIsWarnedOf() throws IOException {
        write("isens.yaml", Releases.file("r1", 4));
        Files.setPosixFilePermissions(folder.resolve("isens.yaml"), PosixFilePermissions.fromString("rw-r--r--"));

        new ResearchKeys(folder).load(CENTERS);

        assertThat(logged.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage()).contains("isens.yaml", "[OTHERS_READ]", "chmod 600");
        });
    }

    /** So Kubernetes mounts a Secret for a user that is not root. */
    @Test
    void aFileThatTheGroupCanReadIsNot() throws IOException {
        write("isens.yaml", Releases.file("r1", 4));
        Files.setPosixFilePermissions(folder.resolve("isens.yaml"), PosixFilePermissions.fromString("r--r-----"));
        new ResearchKeys(folder).load(CENTERS);
        assertThat(logged.list).isEmpty();
    }

    @Test
    void newKeysAreMadeOnceAtRandomAndForTheirOwnerOnly() throws IOException {
        ResearchKeys keys = new ResearchKeys(folder.resolve("research"));
        keys.make("isens", "r1", 26);
        keys.make("kweather", "r1", 0);
        Release isens = keys.load("isens");
        keys.make("isens", "r2", 0);

        assertThat(keys.load(CENTERS)).containsOnlyKeys("isens", "kweather").containsEntry("isens", isens);
        assertThat(isens.name()).isEqualTo("r1");
        assertThat(isens.dateShiftWeeks()).isEqualTo(26);
        assertThat(keys.load("kweather").dateShiftWeeks()).isZero();
        assertThat(Files.getPosixFilePermissions(folder.resolve("research/isens.yaml")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(folder.resolve("research")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(logged.list).isEmpty();
    }
}
