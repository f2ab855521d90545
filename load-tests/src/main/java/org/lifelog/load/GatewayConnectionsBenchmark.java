package org.lifelog.load;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What connections cost that send nothing, and whether readings pass among them. */
@Command(
        name = "gateway-connections",
        sortOptions = false,
        description = {
            "Opens idle connections, half of them over MQTT and half over HTTP, to a gateway that it starts, with Kafka"
                    + " and registry; then half-open ones, which say nothing or stop within CONNECT or a header.",
            "Prints the heap that each takes, when the gateway has closed the half-open ones, and how long readings take"
                    + " alone and among all of them."
        })
final class GatewayConnectionsBenchmark implements Callable<Integer> {
    @Option(names = "--idle", defaultValue = "50000", description = "Idle connections. Default: ${DEFAULT-VALUE}")
    int idle;

    @Option(
            names = "--half-open",
            defaultValue = "10000",
            description = "Half-open connections. Default: ${DEFAULT-VALUE}")
    int halfOpen;

    @Option(
            names = "--rate",
            paramLabel = "READINGS",
            defaultValue = "500",
            description = "Readings a second over ten other connections. Default: ${DEFAULT-VALUE}")
    double rate;

    @Mixin
    GatewayOptions options;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (BenchGateway gateway = new BenchGateway(
                options, List.of(ThroughputBenchmark.CENTER), Map.of("LIFELOG_GATEWAY_QUOTA", "100000"))) {
            double share = share(gateway, out);
            try (ConnectionsRun run = new ConnectionsRun(gateway, options, rate)) {
                run.figures((int) (idle * share), (int) (halfOpen * share)).print(out);
            }
        }
        return 0;
    }

    /** How much of the wanted connections the system lets a process have. */
    private double share(BenchGateway gateway, PrintWriter out) {
        long files = Math.min(
                gateway.figures().mostOpenFiles().orElse(Long.MAX_VALUE),
                new ProcessFigures(ProcessHandle.current()).mostOpenFiles().orElse(Long.MAX_VALUE));
        long most = files - ConnectionsRun.OTHER_FILES;
        int wanted = idle + halfOpen;
        if (wanted <= most) {
            return 1;
        }
        out.printf(
                "Only %,d of %,d connections are opened: a process may have %,d open files here (ulimit -Hn).%n",
                most, wanted, files);
        return (double) most / wanted;
    }
}
