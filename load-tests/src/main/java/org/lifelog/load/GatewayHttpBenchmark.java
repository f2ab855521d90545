package org.lifelog.load;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Batches of readings over HTTP, over connections that stay. */
@Command(
        name = "gateway-http",
        sortOptions = false,
        description = {
            "Posts batches of readings over HTTP/1.1 to a gateway that it starts, with Kafka and registry.",
            "First as fast as receipts come, then by a random schedule at seven tenths of that; latencies count from the"
                    + " time at which a batch was to be sent. Load and Kafka share the processors with the gateway."
        })
final class GatewayHttpBenchmark implements Callable<Integer> {
    @Option(names = "--batch", defaultValue = "100", description = "Readings in a request. Default: ${DEFAULT-VALUE}")
    int batch;

    @Option(
            names = "--connections",
            defaultValue = "32",
            description = "Number of connections, each with one request at a time. Default: ${DEFAULT-VALUE}")
    int connections;

    @Option(
            names = "--rate",
            paramLabel = "READINGS",
            defaultValue = "0",
            description = "Readings a second of the schedule instead of seven tenths of the most.")
    double rate;

    @Mixin
    GatewayOptions options;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        ThroughputBenchmark.run(
                        "gateway-http",
                        options,
                        batch,
                        rate,
                        load -> load.http(ThroughputBenchmark.CENTER, connections, batch, false))
                .print(spec.commandLine().getOut());
        return 0;
    }
}
