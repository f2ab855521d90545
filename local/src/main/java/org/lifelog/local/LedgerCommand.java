package org.lifelog.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./lifelog ledger}. */
@Command(
        name = "ledger",
        sortOptions = false,
        description =
                "Prints what became of every acknowledged reading, by center. Exit status 1 where it does not close.")
final class LedgerCommand implements Callable<Integer> {
    private static final String FORMAT = "%-18s %12s %10s %10s %10s %12s %10s %10s %10s %10s %10s %10s %10s %10s  %s%n";

    @Option(
            names = "--wait",
            defaultValue = "PT30S",
            description = "How long to wait for readings that are on their way (ISO 8601). Default: ${DEFAULT-VALUE}")
    private Duration wait;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            defaultValue = "${env:LIFELOG_DATA:-.lifelog}",
            description = "Data folder of the running service. Default: ${DEFAULT-VALUE}")
    private Path data;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws InterruptedException {
        LedgerBalance balance = await(ServiceCredentials.read(data), wait);
        System.out.printf(
                FORMAT,
                "center",
                "acknowledged",
                "released",
                "valid",
                "duplicate",
                "quarantined",
                "corrected",
                "withdrawn",
                "derived",
                "erasures",
                "removed",
                "stored",
                "refused",
                "on the way",
                "");
        balance.rows().forEach((center, row) -> print(center, row, row.closes()));
        print("all", total(balance), balance.closes());
        balance.gaps().forEach(System.out::println);
        return balance.closes() ? 0 : 1;
    }

    /** The balance once it closes, or as it is after so long. */
    static LedgerBalance await(ServiceCredentials credentials, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        LedgerBalance balance = LedgerBalance.take(credentials);
        while (!balance.closes() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(500);
            balance = LedgerBalance.take(credentials);
        }
        return balance;
    }

    private static void print(String center, LedgerBalance.Row row, boolean closes) {
        System.out.printf(
                FORMAT,
                center,
                row.acknowledged(),
                row.released(),
                row.valid(),
                row.duplicate(),
                row.quarantined(),
                row.corrected(),
                row.withdrawn(),
                row.derived(),
                row.erasures(),
                row.removed(),
                row.stored(),
                row.refused(),
                row.waiting(),
                closes ? "closes" : "DOES NOT CLOSE");
    }

    private static LedgerBalance.Row total(LedgerBalance balance) {
        return balance.rows().values().stream()
                .reduce(
                        new LedgerBalance.Row(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                        (a, b) -> new LedgerBalance.Row(
                                a.acknowledged() + b.acknowledged(),
                                a.released() + b.released(),
                                a.waiting() + b.waiting(),
                                a.valid() + b.valid(),
                                a.duplicate() + b.duplicate(),
                                a.quarantined() + b.quarantined(),
                                a.corrected() + b.corrected(),
                                a.withdrawn() + b.withdrawn(),
                                a.derived() + b.derived(),
                                a.erasures() + b.erasures(),
                                a.removed() + b.removed(),
                                a.stored() + b.stored(),
                                a.refused() + b.refused(),
                                a.storedQuarantined() + b.storedQuarantined()));
    }
}
