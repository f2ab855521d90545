package org.lifelog.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One Kafka node (broker and controller, KRaft) inside this JVM. Topics are never created automatically; replication
 * factors are 1.
 *
 * <p>Records are in the page cache when they are acknowledged: they survive the death of this JVM, but not a power
 * failure in the seconds after.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final String SERVICE = "Kafka";

    /** How often a free port is chosen anew, should another process have taken it in between. */
    private static final int ATTEMPTS = 5;

    /** Set while the thread starts a node: Kafka ends the process where it cannot, and the process is somebody else's. */
    private static final ThreadLocal<Boolean> STARTING = ThreadLocal.withInitial(() -> false);

    static {
        Exit.setExitProcedure((status, message) ->
                ended(status, message, () -> Runtime.getRuntime().exit(status)));
        Exit.setHaltProcedure((status, message) ->
                ended(status, message, () -> Runtime.getRuntime().halt(status)));
    }

    /** Kafka would have ended the process. */
    private static final class EndedException extends RuntimeException {
        EndedException(int status, String message) {
            super("Kafka ends with status " + status + (message == null ? "" : ": " + message));
        }
    }

    private final KafkaRaftServer server;
    private final ListenAddress address;
    private boolean closed;

    private EmbeddedKafka(KafkaRaftServer server, ListenAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Starts the node and returns when it accepts clients. The first start formats the directory.
     *
     * @param dataDirectory owned by this node; made if absent
     * @param host name or address of this machine to listen on and to tell to clients; no wildcard
     * @param port 0 for any free port
     * @throws PortInUseException if the port is taken
     * @throws IllegalArgumentException if the host cannot be listened on
     * @throws IllegalStateException if the node does not start, for instance because another one has the directory
     * @throws UncheckedIOException if the directory cannot be written
     */
    public static EmbeddedKafka start(Path dataDirectory, String host, int port) {
        return start(dataDirectory, host, port, Map.of());
    }

    /**
     * Starts the node with settings of the caller's, such as those that ask clients for credentials. The listener of the
     * clients is called {@code CLIENT}, that of the controller {@code CONTROLLER}.
     *
     * @param settings Kafka's own, which take the place of this node's where both have them
     * @see #start(Path, String, int)
     */
    public static EmbeddedKafka start(Path dataDirectory, String host, int port, Map<String, String> settings) {
        for (int attempt = 1; ; attempt++) {
            ListenAddress broker = ListenAddress.claim(SERVICE, host, port);
            ListenAddress controller = ListenAddress.claim(SERVICE, "127.0.0.1", 0);
            try {
                return start(dataDirectory, broker, controller, settings);
            } catch (RuntimeException e) {
                // Where a port was taken in between, Kafka says so in its log only, and ends.
                if (!(isBindFailure(e) || e instanceof EndedException) || attempt == ATTEMPTS) {
                    throw new IllegalStateException("Kafka did not start in " + dataDirectory, e);
                }
            }
        }
    }

    /** {@code host:port} for {@code bootstrap.servers}. */
    public String bootstrap() {
        return address.toString();
    }

    /** Stops the node in order and returns when it has ended. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static void ended(int status, String message, Runnable end) {
        if (STARTING.get()) {
            throw new EndedException(status, message);
        }
        System.err.println("Kafka cannot go on and ends this process; its log says why.");
        end.run();
    }

    static EmbeddedKafka start(
            Path dataDirectory, ListenAddress broker, ListenAddress controller, Map<String, String> more) {
        Properties settings = KafkaSettings.of(dataDirectory, broker, controller);
        settings.putAll(more);
        format(dataDirectory);
        STARTING.set(true);
        try {
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
            try {
                server.startup();
            } catch (RuntimeException e) {
                server.shutdown();
                server.awaitShutdown();
                throw e;
            }
            return new EmbeddedKafka(server, broker);
        } finally {
            STARTING.set(false);
        }
    }

    private static void format(Path dataDirectory) {
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            Files.createDirectories(dataDirectory);
            if (Files.exists(dataDirectory.resolve("meta.properties"))) {
                return;
            }
            new Formatter()
                    .setPrintStream(silent)
                    .setNodeId(KafkaSettings.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(dataDirectory.toAbsolutePath().toString()))
                    .setMetadataLogDirectory(dataDirectory.toAbsolutePath().toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setControllerListenerName(KafkaSettings.CONTROLLER)
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Kafka cannot format " + dataDirectory, e);
        }
    }

    private static boolean isBindFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }
}
