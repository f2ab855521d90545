package org.lifelog.load;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Single readings over MQTT with QoS 1, from many connections. */
@Command(
        name = "gateway-mqtt",
        sortOptions = false,
        description = {
            "Publishes single readings with QoS 1 over MQTT 3.1.1 to a gateway that it starts, with Kafka and registry.",
            "First as fast as PUBACKs come, then by a random schedule at seven tenths of that; latencies count from the"
                    + " time at which a message was to be sent. Load and Kafka share the processors with the gateway."
        })
final class GatewayMqttBenchmark implements Callable<Integer> {
    @Option(names = "--connections", defaultValue = "100", description = "Number of devices. Default: ${DEFAULT-VALUE}")
    int connections;

    @Option(
            names = "--window",
            defaultValue = "50",
            description = "Most messages of a device that are not acknowledged. Default: ${DEFAULT-VALUE}")
    int window;

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
                        "gateway-mqtt",
                        options,
                        1,
                        rate,
                        load -> load.mqtt(ThroughputBenchmark.CENTER, "bench", connections, window, false))
                .print(spec.commandLine().getOut());
        return 0;
    }
}
