package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.lifelog.portal.PortalTest.assertProblem;
import static org.lifelog.portal.RunningPortal.ISENS;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.lifelog.embedded.testing.TestDatabase;

/** The database goes away and comes back. */
class DatabaseTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Test
    void startsWithoutTheDatabaseAndRecoversByItself() throws Exception {
        TestDatabase database = TestDatabase.create("portal");
        URI real = URI.create(database.jdbcUrl().substring("jdbc:".length()));
        try (Line line = new Line(real.getHost(), real.getPort());
                RunningPortal portal = new RunningPortal(
                        database, "jdbc:postgresql://127.0.0.1:" + line.port() + real.getPath(), false)) {
            // Away from the start: the page and the login are there, the data are not.
            assertThat(portal.isReady()).isFalse();
            assertThat(portal.send(portal.request("/")).status()).isEqualTo(200);
            assertAway(portal);

            // There, but before the sink has made the tables.
            line.connect();
            assertAway(portal);
            portal.migrate();
            portal.rows.reading(
                    portal.rows.series("isens", "S-1", "glucose_cgm", "", "mg/dL"),
                    portal.rows.device("isens", "cgm-1"),
                    Instant.parse("2026-11-24T00:00:00Z"),
                    100,
                    0);
            await().atMost(DEADLINE).untilAsserted(() -> assertThere(portal));

            line.cut();
            await().atMost(DEADLINE).untilAsserted(() -> {
                assertThat(portal.isReady()).isFalse();
                assertAway(portal);
            });

            line.connect();
            await().atMost(DEADLINE).untilAsserted(() -> assertThere(portal));
        }
    }

    private static void assertAway(RunningPortal portal) {
        RunningPortal.Answer answer = portal.get(ISENS, "/centers/isens/subjects/S-1/glucose");
        assertProblem(answer, 503, "unavailable");
        assertThat(answer.header("retry-after")).isEqualTo("1");
        assertThat(portal.get(ISENS, "/me").status()).isEqualTo(200);
    }

    private static void assertThere(RunningPortal portal) {
        assertThat(portal.isReady()).isTrue();
        assertThat(portal.get(ISENS, "/centers/isens/subjects/S-1/glucose").status())
                .isEqualTo(200);
    }

    /** A line to a server that can be cut; while it is, connections are closed as soon as they are made. */
    private static final class Line implements AutoCloseable {
        private final String host;
        private final int target;
        private final ServerSocket server;
        private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
        private volatile boolean connected;

        Line(String host, int target) throws IOException {
            this.host = host;
            this.target = target;
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        void connect() {
            connected = true;
        }

        void cut() throws IOException {
            connected = false;
            for (Socket socket : sockets) {
                socket.close();
            }
            sockets.clear();
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket near = server.accept();
                    if (!connected) {
                        near.close();
                        continue;
                    }
                    Socket far = new Socket(host, target);
                    sockets.add(near);
                    sockets.add(far);
                    start(() -> copy(near, far));
                    start(() -> copy(far, near));
                } catch (IOException e) {
                    // The next connection is another try.
                }
            }
        }

        private static void copy(Socket from, Socket to) {
            try (from;
                    to;
                    InputStream in = from.getInputStream()) {
                in.transferTo(to.getOutputStream());
            } catch (IOException e) {
                // Cut, or ended by one side: both ends are closed now.
            }
        }

        private static void start(Runnable run) {
            Thread thread = new Thread(run, "line");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            server.close();
            cut();
        }
    }
}
