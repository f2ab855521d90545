package org.lifelog.load;

import picocli.CommandLine;

/** The command line {@code ./lifelog bench}. */
@CommandLine.Command(
        name = "bench",
        description =
                "Runs a benchmark or a drill and prints a table and a line of JSON. pipeline needs a running service; the"
                        + " others start what they need.",
        subcommands = {
            PipelineBenchmark.class,
            GatewayConnectionsBenchmark.class,
            GatewayFairnessBenchmark.class,
            GatewayHttpBenchmark.class,
            GatewayMqttBenchmark.class,
            GatewayOutage.class,
            QueriesBenchmark.class,
            SinkBenchmark.class,
            SinkDrill.class,
            StreamsBenchmark.class,
            StreamsKillBenchmark.class,
            CommandLine.HelpCommand.class
        })
public final class Bench implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** Runs one benchmark; ends the process with 0, with 1 where it failed, or with 2 where it was called wrongly. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench())
                .setExecutionExceptionHandler((error, commandLine, parsed) -> {
                    commandLine.getErr().println(error.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which benchmark?");
    }
}
