package org.lifelog.load;

import java.util.concurrent.Callable;
import org.lifelog.gateway.accept.Protocol;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a center notices of another one that sends far more than its quota. */
@Command(
        name = "gateway-fairness",
        sortOptions = false,
        description = {
            "Sends single readings of one center over MQTT at half its quota to a gateway that it starts, with Kafka and"
                    + " registry: alone, and beside another center at a multiple of its own quota, in turn.",
            "Latencies count from the time at which a message was to be sent. Load and Kafka share the processors with the"
                    + " gateway."
        })
final class GatewayFairnessBenchmark implements Callable<Integer> {
    @Option(
            names = "--quota",
            paramLabel = "READINGS",
            defaultValue = "1000",
            description = "Readings a second that each center may send. Default: ${DEFAULT-VALUE}")
    int quota;

    @Option(
            names = "--times",
            defaultValue = "10",
            description = "How many times its quota the other center sends. Default: ${DEFAULT-VALUE}")
    double times;

    @Option(
            names = "--flood",
            paramLabel = "PROTOCOL",
            defaultValue = "HTTP",
            description = "How the other center sends: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    Protocol flood;

    @Option(
            names = "--batch",
            defaultValue = "100",
            description = "Readings in its requests over HTTP. Default: ${DEFAULT-VALUE}")
    int batch;

    @Option(names = "--rounds", defaultValue = "4", description = "Rounds of both. Default: ${DEFAULT-VALUE}")
    int rounds;

    @Mixin
    GatewayOptions options;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        new FairnessRun(options, quota, times, rounds)
                .run(generator -> flood == Protocol.HTTP
                        ? new FairnessRun.Flood(generator.http(FairnessRun.FLOODING, 16, batch, true), batch)
                        : new FairnessRun.Flood(generator.mqtt(FairnessRun.FLOODING, "flood", 50, 50, true), 1))
                .print(spec.commandLine().getOut());
        return 0;
    }
}
