package org.lifelog.local;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line {@code ./lifelog}. */
@Command(
        name = "lifelog",
        description = "Streaming ingestion of lifelogs, on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "bench NAME   runs a benchmark of load-tests/ (./lifelog bench --help)",
            "",
            "./lifelog COMMAND --help tells more."
        },
        subcommands = {
            UpCommand.class,
            DemoCommand.class,
            SendCommand.class,
            TopicsCommand.class,
            LedgerCommand.class,
            EraseCommand.class,
            RecomputeCommand.class,
            PseudonymCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Lifelog implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** Runs one command; ends the process with 0, with 1 where it failed, or with 2 where it was called wrongly. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command line, for tests too. */
    static CommandLine commandLine() {
        return new CommandLine(new Lifelog())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((error, commandLine, parsed) -> {
                    commandLine.getErr().println(message(error));
                    return error instanceof UsageException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
                });
    }

    /** One line for what a person can mend; the trace for what must be a bug. */
    private static String message(Exception error) {
        if (error instanceof UserException) {
            return error.getMessage();
        }
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
    }
}
