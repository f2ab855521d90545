package org.lifelog.local;

import java.nio.file.Path;
import java.util.Optional;
import org.lifelog.contract.SubjectKey;
import org.lifelog.streams.research.KeysException;
import org.lifelog.streams.research.Pseudonyms;
import org.lifelog.streams.research.Release;
import org.lifelog.streams.research.ResearchKeys;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./lifelog pseudonym}. There is no way back from a pseudonym to a subject: whom a finding concerns is a question
 * to the center, which asks for the pseudonyms of those that it may be.
 */
@Command(
        name = "pseudonym",
        sortOptions = false,
        description = "Prints the pseudonym of a subject in the research topics of its center, after it has written a"
                + " line into the audit of the database. Without that line nothing is printed.")
final class PseudonymCommand implements Runnable {
    @Option(names = "--center", required = true, description = "Code of the center, such as isens.")
    private String center;

    @Option(names = "--subject", required = true, description = "Code of the subject.")
    private String subject;

    @Option(names = "--reason", required = true, description = "Why it is asked for; stands in the audit.")
    private String reason;

    @Option(
            names = "--release",
            description = "Release whose pseudonym is asked for; it is an error where the keys are another's.")
    private String release;

    @Option(
            names = "--keys",
            paramLabel = "FOLDER",
            defaultValue = "${env:LIFELOG_RESEARCH_KEYS}",
            description = "Folder of the keys (LIFELOG_RESEARCH_KEYS). Default: research in the data folder")
    private Path keys;

    @Option(
            names = "--user",
            defaultValue = "${sys:user.name}",
            description = "Who asks; the audit names the user of the system too. Default: that user")
    private String user;

    @Option(
            names = "--database",
            paramLabel = "JDBC-URL",
            defaultValue = "${env:LIFELOG_DATABASE}",
            description = "Database of the audit (LIFELOG_DATABASE); user and password may stand in the URL as"
                    + " ?user=...&password=.... Default: that of the running service")
    private String database;

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

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        check();
        Release known = release();
        new AuditLine(
                        user,
                        center,
                        subject,
                        "pseudonym",
                        "release " + known.name() + "; system user " + System.getProperty("user.name") + "; reason: "
                                + reason)
                .write(database());
        spec.commandLine().getOut().println(new Pseudonyms(known).subject(subject));
    }

    private void check() {
        if (reason.isBlank()) {
            throw new UsageException("--reason says why the pseudonym is asked for.");
        }
        // A system without an entry for the user, such as a container, has a question mark for its name.
        if (user.isBlank() || user.equals("?")) {
            throw new UsageException("--user says who asks; the system does not know.");
        }
        if (subject.isBlank() || SubjectKey.isUnassigned(subject)) {
            throw new UsageException("--subject is the code of a subject.");
        }
        if (!center.matches("[a-z0-9-]+")) {
            throw new UsageException("--center is the code of a center, such as isens.");
        }
    }

    private Release release() {
        Path folder = Optional.ofNullable(keys).orElseGet(() -> ResearchFolder.of(data));
        try {
            Release known = new ResearchKeys(folder).load(center);
            if (release != null && !release.equals(known.name())) {
                throw new UserException("The keys of " + center + " in " + folder + " are those of release "
                        + known.name() + ", not " + release + ". Name the folder of that release with --keys.");
            }
            return known;
        } catch (KeysException e) {
            throw new UserException(e.getMessage(), e);
        }
    }

    private ServiceCredentials.Database database() {
        return database != null
                ? DatabaseUrl.parse(database)
                : ServiceCredentials.read(data).database();
    }
}
