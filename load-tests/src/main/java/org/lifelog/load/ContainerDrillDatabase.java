package org.lifelog.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import org.lifelog.runtime.Passwords;

/** A container of a drill, whose image takes the environment of the official one of PostgreSQL. Docker runs on this machine. */
final class ContainerDrillDatabase extends DrillDatabase {
    private static final String NAME = "lifelog";

    private final String password = Passwords.random();
    private final String url;
    private final String container;

    ContainerDrillDatabase(Path folder, String image) {
        int port = freePort();
        url = "jdbc:postgresql://127.0.0.1:" + port + "/" + NAME;
        container = command(
                "docker",
                "run",
                "--detach",
                "--shm-size=256m",
                "--publish=127.0.0.1:" + port + ":5432",
                "--volume=" + folder.resolve("data") + ":/var/lib/postgresql/data",
                "--env=POSTGRES_USER=" + NAME,
                "--env=POSTGRES_PASSWORD=" + password,
                image);
        awaitAnswer();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAnswer() {
        try {
            DrillGround.await("the database", this::answers);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(url, NAME, password)) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    String url() {
        return url;
    }

    @Override
    String username() {
        return NAME;
    }

    @Override
    String password() {
        return password;
    }

    @Override
    Optional<ProcessHandle> server() {
        long pid = Long.parseLong(command("docker", "inspect", "--format={{.State.Pid}}", container));
        return pid == 0 ? Optional.empty() : ProcessHandle.of(pid);
    }

    @Override
    void restart() {
        command("docker", "start", container);
        awaitAnswer();
    }

    @Override
    public void close() {
        command("docker", "rm", "--force", "--volumes", container);
    }
}
