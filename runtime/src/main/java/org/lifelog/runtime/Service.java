package org.lifelog.runtime;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a service's process. {@link #run} reads the settings, opens the management port, lets the service start
 * its parts and waits. On SIGTERM, or where a part fails for good, the parts are closed in the reverse order of their
 * start, so that what is taken in is stopped before what it is handed to.
 */
public final class Service {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final int USAGE = 2;

    /** Ends the process when the one that started it is gone; for services that another process looks after. */
    public static final Setting<Boolean> EXIT_WITH_PARENT = Setting.flag(
            "exit.with.parent", false, "Whether to stop when the process that started this one has ended.");

    /** Builds a service's parts from its settings. */
    public interface Starter {
        /** Starts the parts and hands each to {@link Service#closeAtEnd} as soon as it is there. */
        void start(Settings settings, Service service) throws Exception;
    }

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Management management;
    private volatile boolean started;
    private volatile boolean failed;

    private Service(Management management) {
        this.management = management;
        closeAtEnd(management);
    }

    /**
     * Runs a service until it is told to stop; ends the process with 0, with 1 where it could not start or failed, or
     * with 2 where the command line or the configuration is wrong.
     *
     * @param name as in {@code device-gateway}
     * @param own the service's settings, to which those of every service are added
     * @param arguments {@code [--config FILE]}, {@code --settings} or {@code --help}
     */
    public static void run(String name, Collection<Setting<?>> own, String[] arguments, Starter starter) {
        List<Setting<?>> known = new ArrayList<>(own);
        known.addAll(List.of(ManagementSettings.HOST, ManagementSettings.PORT, EXIT_WITH_PARENT));
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--help", "-h" -> end(0, usage(name));
                case "--settings" -> end(0, Settings.reference(known));
                case "--config" -> {
                    if (++i == arguments.length) {
                        end(USAGE, "--config needs a file.\n" + usage(name));
                    }
                    files.add(Path.of(arguments[i]));
                }
                default -> end(USAGE, "Unknown option " + arguments[i] + ".\n" + usage(name));
            }
        }
        try {
            Settings settings = Settings.load(known, files, System.getenv());
            Service service = new Service(
                    new Management(settings.get(ManagementSettings.HOST), settings.get(ManagementSettings.PORT)));
            service.live(name, settings, starter);
        } catch (SettingException e) {
            end(USAGE, e.getMessage());
        } catch (PortInUseException e) {
            end(1, e.getMessage());
        }
    }

    private static String usage(String name) {
        return "Usage: " + name + " [--config FILE] [--settings] [--help]\n"
                + "  --config FILE  read settings from a properties file; the environment wins over it\n"
                + "  --settings     print every setting with its type, default and variable\n";
    }

    private static void end(int status, String message) {
        (status == 0 ? System.out : System.err).println(message.stripTrailing());
        System.exit(status);
    }

    private void live(String name, Settings settings, Starter starter) {
        Thread hook = new Thread(this::close, "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        Sigterm.handle(() -> System.exit(failed ? 1 : 0));
        if (settings.get(EXIT_WITH_PARENT)) {
            ProcessHandle.current()
                    .parent()
                    .orElseThrow(() -> new IllegalStateException("there is no parent process"))
                    .onExit()
                    // With the parent went what this service stands on; waiting for it in order would keep the ports.
                    // Nothing is lost, as with any crash.
                    .thenRun(() -> Runtime.getRuntime().halt(1));
        }
        // Until the last part is there, such as an open port, no check of a part can tell that one is missing.
        management.health().add("start", () -> started ? Health.Check.up("done") : Health.Check.down("not done yet"));
        try {
            starter.start(settings, this);
            started = true;
            LOG.info("{} is up, management port {}", name, management.port());
        } catch (PortInUseException e) {
            failed = true;
            System.err.println(e.getMessage());
            ended.countDown();
        } catch (Throwable e) {
            // Errors too, such as a native library that is missing: the management port would keep the process alive.
            fail("could not start", e);
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.exit(failed ? 1 : 0);
    }

    /** The management port of this service. */
    public Management management() {
        return management;
    }

    /** Registers a part to be closed at the end, before those registered earlier. */
    public <T extends AutoCloseable> T closeAtEnd(T part) {
        synchronized (parts) {
            parts.push(part);
        }
        return part;
    }

    /** Ends the process with 1 because a part cannot go on; whoever looks after it starts it anew. */
    public void fail(String what, Throwable cause) {
        LOG.error("Stopping: {}", what, cause);
        failed = true;
        ended.countDown();
    }

    private void close() {
        while (true) {
            AutoCloseable part;
            synchronized (parts) {
                part = parts.poll();
            }
            if (part == null) {
                return;
            }
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} could not be closed in order", part.getClass().getSimpleName(), e);
            }
        }
    }
}
