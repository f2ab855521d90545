package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * A subject is erased by the command line, everywhere, while its neighbour stays; what it sends later is new. The windows
 * of the neighbour are computed anew.
 */
class EndToEndErasureTest {
    private static final Duration STORED = Duration.ofMinutes(2);
    private static final String CENTER = "isens";
    private static final String ERASED = "S-erase-1";
    private static final String OTHER = "S-erase-10";

    private final RunningPlatform service = RunningPlatform.shared();
    private final Instant start = Instant.now().minus(Duration.ofHours(3)).truncatedTo(ChronoUnit.SECONDS);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void nothingOfTheSubjectIsLeftButTheAuditAndTheLedgerCloses() throws InterruptedException {
        send(ERASED, 20);
        send(OTHER, 20);
        assertThat(balance().erasures()).isZero();

        assertThat(run(ERASED, "--dry-run")).as(err.toString()).isZero();
        assertThat(out.toString().replaceAll(" +", " "))
                .contains("series 1", "reading 20", "aggregate_1h", "quarantined 0", "Nothing was erased");
        assertThat(run(ERASED)).as("without --yes").isEqualTo(2);
        assertThat(run(ERASED, "--yes")).as("without a reason").isEqualTo(2);
        assertThat(run("S-nobody", "--yes", "--reason=typo")).isEqualTo(1);
        assertThat(rows("v_reading", ERASED)).isEqualTo(20);

        assertThat(run(ERASED, "--yes", "--reason=consent withdrawn", "--user=kim"))
                .as(err.toString())
                .isZero();

        for (String relation : List.of("series", "v_reading", "v_aggregate_1m", "v_aggregate_1h", "v_aggregate_1d")) {
            assertThat(rows(relation, ERASED)).as(relation).isZero();
            assertThat(rows(relation, OTHER)).as(relation).isPositive();
        }
        assertThat(service.query("SELECT username, action FROM audit WHERE subject = '" + ERASED + "'"))
                .containsExactly("kim|erase");
        LedgerBalance.Row after = balance();
        assertThat(after.erasures()).isEqualTo(1);
        assertThat(after.removed()).isEqualTo(20);

        mendsTheWindowsOfTheOther();

        // The same readings once more: nothing remembers them, so they are no duplicates.
        send(ERASED, 20);
        assertThat(rows("v_reading", ERASED)).isEqualTo(20);
        assertThat(service.query("SELECT sum(n)::int FROM v_aggregate_1d WHERE subject = '" + ERASED + "'"))
                .containsExactly("20");
        balance();
    }

    /** Windows that were changed by hand are computed anew beside the running service. */
    private void mendsTheWindowsOfTheOther() {
        String windows = "SELECT time, n, sum, mean, min, max, first, last, bands FROM v_aggregate_1h WHERE subject = '"
                + OTHER + "' ORDER BY time";
        List<String> right = service.query(windows);
        service.execute("UPDATE aggregate_1h SET n = 77, bands = NULL WHERE series_id IN"
                + " (SELECT series_id FROM series WHERE subject = '" + OTHER + "')");
        assertThat(service.query(windows)).isNotEqualTo(right);

        String day = start.minus(Duration.ofDays(1)).toString().substring(0, 10);
        assertThat(execute(List.of("recompute", "--data=" + service.data(), "--center=" + CENTER, "--from=" + day)))
                .as(err.toString())
                .isZero();

        assertThat(service.query(windows)).isEqualTo(right);
        assertThat(out.toString()).contains(right.size() + " were missing or different, 0 had no reading");
        assertThat(execute(List.of("recompute", "--data=" + service.data(), "--center=nowhere", "--from=" + day)))
                .isEqualTo(2);
    }

    private int run(String subject, String... more) {
        List<String> all = new ArrayList<>(
                List.of("erase", "--data=" + service.data(), "--center=" + CENTER, "--subject=" + subject));
        all.addAll(List.of(more));
        return execute(all);
    }

    private int execute(List<String> arguments) {
        CommandLine commandLine = Lifelog.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments.toArray(String[]::new));
    }

    private void send(String subject, int count) throws InterruptedException {
        List<GlucoseCourse.Point> points = IntStream.range(0, count)
                .mapToObj(i -> new GlucoseCourse.Point(start.plusSeconds(300L * i), 100 + i))
                .toList();
        try (ReadingSender sender = service.http(CENTER)) {
            assertThat(sender.send(GlucoseCourse.readings(subject, "cgm-of-" + subject, points))
                            .accepted())
                    .isEqualTo(count);
        }
        await().atMost(STORED)
                .untilAsserted(() -> assertThat(rows("v_reading", subject)).isEqualTo(count));
        await().atMost(STORED)
                .untilAsserted(() -> assertThat(service.query(
                                "SELECT sum(n)::int FROM v_aggregate_1d WHERE subject = '" + subject + "'"))
                        .containsExactly(Integer.toString(count)));
    }

    private long rows(String relation, String subject) {
        return Long.parseLong(service.query("SELECT count(*) FROM " + relation + " WHERE subject = '" + subject + "'")
                .get(0));
    }

    private LedgerBalance.Row balance() throws InterruptedException {
        LedgerBalance balance = LedgerCommand.await(service.credentials(), STORED);
        assertThat(balance.gaps()).isEmpty();
        assertThat(balance.closes()).isTrue();
        return balance.rows().get(CENTER);
    }
}
