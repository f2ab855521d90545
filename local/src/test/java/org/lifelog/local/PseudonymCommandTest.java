package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.embedded.testing.TestDatabase;
import org.lifelog.sink.Schema;
import org.lifelog.streams.research.Pseudonyms;
import org.lifelog.streams.research.ResearchKeys;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine;

class PseudonymCommandTest {
    private static final String LINES = "SELECT username, center, subject, action, detail FROM audit ORDER BY audit_id";
    private static final String SYSTEM_USER = System.getProperty("user.name");

    private static TestDatabase database;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void makeTables() {
        database = TestDatabase.create("pseudonym");
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl());
        source.setUser(database.username());
        source.setPassword(database.password());
        Schema.migrate(source, Centers.load(Catalogue.load()));
    }

    @BeforeEach
    void makeKeys() {
        new ResearchKeys(folder).make("isens", "2026-11", 26);
    }

    private static String url(String username, String password) {
        return database.jdbcUrl() + (database.jdbcUrl().contains("?") ? "&" : "?") + "user=" + username + "&password="
                + URLEncoder.encode(password, StandardCharsets.UTF_8);
    }

    private int run(String... arguments) {
        return runWith(url(database.username(), database.password()), arguments);
    }

    private int runWith(String databaseUrl, String... arguments) {
        CommandLine commandLine = Lifelog.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("pseudonym", "--keys=" + folder, "--database=" + databaseUrl));
        all.addAll(List.of(arguments));
        return commandLine.execute(all.toArray(String[]::new));
    }

    private static List<String> audit() {
        return RunningPlatform.query(
                new ServiceCredentials.Database(database.jdbcUrl(), database.username(), database.password()), LINES);
    }

    @Test
    void thePseudonymIsPrintedAndTheAuditSaysToWhomAndWhy() {
        String expected = new Pseudonyms(new ResearchKeys(folder).load("isens")).subject("S-0042");
        int before = audit().size();

        assertThat(run("--center=isens", "--subject=S-0042", "--reason=consent withdrawn"))
                .isZero();
        assertThat(run("--center=isens", "--subject=S-0042", "--release=2026-11", "--user=kim", "--reason=case 7"))
                .isZero();

        assertThat(out.toString().lines()).containsExactly(expected, expected);
        assertThat(audit().subList(before, before + 2))
                .containsExactly(
                        SYSTEM_USER + "|isens|S-0042|pseudonym|release 2026-11; system user " + SYSTEM_USER
                                + "; reason: consent withdrawn",
                        "kim|isens|S-0042|pseudonym|release 2026-11; system user " + SYSTEM_USER + "; reason: case 7");
    }

    @Test
    void withoutALineInTheAuditNothingIsTold() {
        assertThat(runWith(
                        "jdbc:postgresql://127.0.0.1:1/none", "--center=isens", "--subject=S-0042", "--reason=case 7"))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("The line in the table audit of jdbc:postgresql://127.0.0.1:1/none could not be"
                        + " written, so nothing is done: the database does not answer.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aRoleThatMayNotWriteTheAuditIsToldNothing() {
        // Roles belong to the whole server, which may have seen this test before.
        String suffix = "_" + UUID.randomUUID().toString().substring(0, 8);
        String reader = "pseudonym_reader" + suffix;
        String keeper = "pseudonym_keeper" + suffix;
        execute("CREATE ROLE " + reader + " LOGIN PASSWORD 'reader'");
        execute("CREATE ROLE " + keeper + " LOGIN PASSWORD 'keeper'");
        execute("GRANT SELECT ON audit TO " + reader);
        execute("GRANT INSERT ON audit TO " + keeper);
        int before = audit().size();
        String[] question = {"--center=isens", "--subject=S-0042", "--reason=case 7"};

        assertThat(runWith(url(reader, "reader"), question)).isEqualTo(1);
        assertThat(err.toString()).contains(reader + " has no right to INSERT into it.");
        assertThat(out.toString()).isEmpty();
        assertThat(audit()).hasSize(before);

        assertThat(runWith(url(keeper, "keeper"), question))
                .as("with the right to INSERT alone")
                .isZero();
        assertThat(audit()).hasSize(before + 1);
    }

    private static void execute(String sql) {
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void wrongKeysTellNothing() throws Exception {
        int before = audit().size();
        assertThat(run("--center=isens", "--subject=S-0042", "--release=2025-01", "--reason=case 7"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("are those of release 2026-11, not 2025-01");
        assertThat(run("--center=goodoc", "--subject=S-0042", "--reason=case 7"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("goodoc.yaml: cannot be read (NoSuchFileException)");
        Files.writeString(folder.resolve("isens.yaml"), "release: r1");
        assertThat(run("--center=isens", "--subject=S-0042", "--reason=case 7")).isEqualTo(1);
        assertThat(err.toString()).contains("isens.yaml: subject_key has 0 bytes");
        assertThat(out.toString()).isEmpty();
        assertThat(audit()).hasSize(before);
    }

    @Test
    void aQuestionWithoutItsPartsIsAnErrorOfUse() {
        int before = audit().size();
        assertThat(run("--center=isens", "--subject=S-0042")).isEqualTo(2);
        assertThat(err.toString()).contains("--reason");
        assertThat(run("--center=isens", "--subject=S-0042", "--reason= ")).isEqualTo(2);
        assertThat(run("--center=isens", "--subject=S-0042", "--reason=case 7", "--user=?"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--user says who asks");
        assertThat(run("--center=isens", "--subject=~cgm-1", "--reason=case 7")).isEqualTo(2);
        assertThat(run("--center=../isens", "--subject=S-0042", "--reason=case 7"))
                .isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(audit()).hasSize(before);
    }
}
