package org.lifelog.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PostgreSQL 17, without TimescaleDB, in processes of its own. It has one database, {@code lifelog}, owned by the role
 * {@code lifelog}, which may create roles and databases but is no superuser. Every connection needs a password
 * (SCRAM-SHA-256). Commits are on disk when they return.
 *
 * <p>The server outlives this JVM if that is killed; the next start on the same directory stops it and recovers.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    private static final String SERVICE = "database";
    private static final String NAME = "lifelog";
    private static final String SUPERUSER = "postgres";
    private static final Duration START_DEADLINE = Duration.ofMinutes(2);

    private final PostgresDirectory directory;
    private final FileChannel lock;
    private final EmbeddedPostgres server;
    private final ListenAddress address;
    private final String password;
    private boolean closed;

    private EmbeddedDatabase(
            PostgresDirectory directory,
            FileChannel lock,
            EmbeddedPostgres server,
            ListenAddress address,
            String password) {
        this.directory = directory;
        this.lock = lock;
        this.server = server;
        this.address = address;
        this.password = password;
    }

    /**
     * Starts the server and returns when the database {@code lifelog} can be used. As root it runs in a user namespace
     * (PostgreSQL refuses to run as root), which needs {@code unshare}.
     *
     * @param dataDirectory owned by this database; made if absent. The server's output is in {@code postgres.log} there
     * @param host name or address of this machine to listen on, beside 127.0.0.1; no wildcard
     * @param port 0 for any free port
     * @param password of the role {@code lifelog} from now on; it may differ from the last start's
     * @throws PortInUseException if the port is taken
     * @throws IllegalArgumentException if the host cannot be listened on
     * @throws IllegalStateException if another process has the directory, or the server does not start, or not within 2
     *     minutes
     * @throws UncheckedIOException if the directory cannot be written
     */
    public static EmbeddedDatabase start(Path dataDirectory, String host, int port, String password) {
        PostgresDirectory directory = new PostgresDirectory(dataDirectory.toAbsolutePath());
        FileChannel lock = lock(directory);
        try {
            String superuserPassword = directory.prepare();
            ListenAddress address = ListenAddress.claim(SERVICE, host, port);
            EmbeddedPostgres server = start(directory, address, superuserPassword);
            EmbeddedDatabase database = new EmbeddedDatabase(directory, lock, server, address, password);
            database.createRoleAndDatabase(superuserPassword);
            directory.markComplete();
            return database;
        } catch (PortInUseException | IllegalArgumentException e) {
            throw abandoned(directory, lock, e);
        } catch (RuntimeException | IOException | SQLException e) {
            throw abandoned(
                    directory, lock, new IllegalStateException(SERVICE + " did not start; see " + directory.log(), e));
        }
    }

    /** {@code jdbc:postgresql://host:port/lifelog}. */
    public String jdbcUrl() {
        return jdbcUrl(NAME);
    }

    /** The owner of the database. */
    public String username() {
        return NAME;
    }

    /** What {@link #start} was given. */
    public String password() {
        return password;
    }

    /**
     * Stops the server, ending open connections, and returns when it has ended. A second call does nothing.
     *
     * @throws UncheckedIOException if the directory cannot be read
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (lock) {
            server.close();
            // The library waits 5 s and then lets go.
            directory.stopStaleServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel lock(PostgresDirectory directory) {
        try {
            Files.createDirectories(directory.root());
            FileChannel channel = FileChannel.open(
                    directory.root().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel)) {
                return channel;
            }
            channel.close();
            throw new IllegalStateException(SERVICE + ": " + directory.root() + " is in use by a running one");
        } catch (IOException e) {
            throw new UncheckedIOException(SERVICE + " cannot use " + directory.root(), e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Held by this JVM: the same to the caller.
            return false;
        }
    }

    private static EmbeddedPostgres start(PostgresDirectory directory, ListenAddress address, String superuserPassword)
            throws IOException {
        String addresses = Stream.of("127.0.0.1", address.host()).distinct().collect(Collectors.joining(","));
        ProcessBuilder.Redirect log =
                ProcessBuilder.Redirect.appendTo(directory.log().toFile());
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory.cluster())
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(directory.programs().toFile())
                .setRegisterShutdownHook(false)
                // Options of initdb, too, go by this method.
                .setLocaleConfig("pwfile", directory.passwordFile().toString())
                .setLocaleConfig("locale", "C")
                .setDataDirectoryCustomizer(EmbeddedDatabase::requirePasswords)
                .setConnectConfig("password", superuserPassword)
                .setPort(address.port())
                .setPGStartupWait(START_DEADLINE)
                .setOutputRedirector(log)
                .setErrorRedirector(log)
                .setServerConfig("listen_addresses", addresses)
                .setServerConfig("unix_socket_directories", "")
                // The library is made for tests and turns both off.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("shared_buffers", "128MB")
                .setServerConfig("timezone", "UTC")
                .setServerConfig("log_timezone", "UTC")
                .start();
    }

    /** initdb wrote {@code trust} there; no server has run with that yet. */
    private static void requirePasswords(File cluster) {
        try {
            Files.writeString(cluster.toPath().resolve("pg_hba.conf"), "host all all all scram-sha-256\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void createRoleAndDatabase(String superuserPassword) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl(SUPERUSER), SUPERUSER, superuserPassword)) {
            if (!exists(connection, "SELECT FROM pg_roles WHERE rolname = ?")) {
                execute(connection, "CREATE ROLE lifelog LOGIN CREATEDB CREATEROLE");
            }
            execute(connection, alterPassword(connection));
            if (!exists(connection, "SELECT FROM pg_database WHERE datname = ?")) {
                execute(connection, "CREATE DATABASE lifelog OWNER lifelog");
            }
        }
    }

    private String alterPassword(Connection connection) throws SQLException {
        try (PreparedStatement quote =
                connection.prepareStatement("SELECT format('ALTER ROLE lifelog PASSWORD %L', ?)")) {
            quote.setString(1, password);
            try (ResultSet row = quote.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static boolean exists(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, NAME);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://" + address + "/" + database;
    }

    /** Leaves no server and no lock behind a start that failed. */
    private static RuntimeException abandoned(PostgresDirectory directory, FileChannel lock, RuntimeException failure) {
        try (lock) {
            directory.stopStaleServer();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }
}
