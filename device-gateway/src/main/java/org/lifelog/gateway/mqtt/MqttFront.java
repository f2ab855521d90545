package org.lifelog.gateway.mqtt;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.lifelog.contract.Centers;
import org.lifelog.gateway.accept.Memory;
import org.lifelog.gateway.accept.Protocol;
import org.lifelog.gateway.format.Format;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway over MQTT 3.1.1 and 5, plain and over TLS. Connections are spread over as many event loops as there are
 * processors.
 *
 * <p>Memory of the process: what is under way and packets that are larger than 64 KiB come out of one {@link Memory}; beside it a connection holds what {@link MqttConnection} says, and an idle one some
 * kibibytes.
 */
public final class MqttFront implements AutoCloseable {
    /**
     * What all connections share.
     *
     * @param format the form of payloads
     * @param memory the bound of the process for messages that are not yet in Kafka
     */
    public record Parts(
            Limits limits,
            Accepting accepting,
            Authenticating authenticating,
            Format format,
            Centers centers,
            Memory memory,
            MqttSessions sessions,
            Clock clock) {}

    private static final Logger LOG = LoggerFactory.getLogger(MqttFront.class);
    private static final long SWEEP_MILLIS = 250;
    private static final long CLOSE_SECONDS = 10;
    /** Sockets beyond the connections that may be open: those that are told so, or have not sent CONNECT yet. */
    private static final int MOST_BEYOND = 1_000;

    private final Vertx vertx;
    private final Parts parts;
    private final Receipts receipts;
    private final AtomicInteger connections;
    private final AtomicInteger sockets = new AtomicInteger();
    private final AtomicInteger randomPorts = new AtomicInteger();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Opens nothing yet. */
    public MqttFront(Vertx vertx, Parts parts, MeterRegistry meters) {
        this.vertx = vertx;
        this.parts = parts;
        this.receipts = new Receipts(meters);
        this.connections = meters.gauge(
                "lifelog.gateway.connections", Tags.of("protocol", Protocol.MQTT.tag()), new AtomicInteger());
    }

    /**
     * Opens a port; may be called for several.
     *
     * @param port 0 for any that is free
     * @param tls for TLS with these options, whose client certificates go to {@link Authenticating}
     * @return the port; fails with {@link java.net.BindException} where it is taken
     */
    public Future<Integer> open(String host, int port, Optional<ServerSSLOptions> tls) {
        SocketAddress address = port == 0
                ? SocketAddress.sharedRandomPort(randomPorts.incrementAndGet(), host)
                : SocketAddress.inetSocketAddress(port, host);
        Listener first = new Listener(address, tls);
        int more = Runtime.getRuntime().availableProcessors() - 1;
        return vertx.deployVerticle(first)
                .compose(id -> more == 0
                        ? Future.succeededFuture()
                        : vertx.deployVerticle(
                                () -> new Listener(address, tls), new DeploymentOptions().setInstances(more)))
                .map(id -> first.server.actualPort());
    }

    /** Takes another certificate for connections to come, on all ports with TLS. */
    public Future<?> useCertificates(ServerSSLOptions tls) {
        return Future.all(listeners.stream()
                .filter(listener -> listener.tls.isPresent())
                .map(listener -> listener.server.updateSSLOptions(tls, true))
                .toList());
    }

    /** Whether one more connection may be open. */
    boolean admits() {
        return connections.get() < parts.limits().connections();
    }

    void opened() {
        connections.incrementAndGet();
    }

    void left() {
        connections.decrementAndGet();
    }

    Receipts receipts() {
        return receipts;
    }

    /** Takes no more connections, waits for what is under way, tells clients of MQTT 5, and closes. */
    @Override
    public void close() throws TimeoutException {
        Future.join(listeners.stream()
                        .map(listener -> listener.server.shutdown(CLOSE_SECONDS, TimeUnit.SECONDS))
                        .toList())
                .await(CLOSE_SECONDS + 1, TimeUnit.SECONDS);
    }

    /** The connections of one port on one event loop. */
    private final class Listener implements Deployable {
        private final SocketAddress address;
        private final Optional<ServerSSLOptions> tls;
        private final Set<MqttConnection> open = new HashSet<>();
        private NetServer server;
        private long credentialsNanos = System.nanoTime();

        Listener(SocketAddress address, Optional<ServerSSLOptions> tls) {
            this.address = address;
            this.tls = tls;
        }

        @Override
        public Future<?> deploy(Context context) {
            NetServerOptions options = new NetServerOptions().setTcpKeepAlive(true);
            tls.ifPresent(with -> secure(options, with));
            server = vertx.createNetServer(options)
                    .connectHandler(socket -> connected(context, socket))
                    .exceptionHandler(error -> LOG.debug("A connection ended before it began", error));
            vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep());
            return server.listen(address).onSuccess(listening -> listeners.add(this));
        }

        /** Vert.x takes the options of TLS as a whole only where they are replaced. */
        private static void secure(NetServerOptions options, ServerSSLOptions tls) {
            options.setSsl(true)
                    .setKeyCertOptions(tls.getKeyCertOptions())
                    .setTrustOptions(tls.getTrustOptions())
                    .setClientAuth(tls.getClientAuth())
                    .setSni(tls.isSni())
                    .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols());
            tls.getEnabledCipherSuites().forEach(options::addEnabledCipherSuite);
            tls.getCrlPaths().forEach(options::addCrlPath);
            tls.getCrlValues().forEach(options::addCrlValue);
        }

        private void connected(Context context, NetSocket socket) {
            if (sockets.get() >= parts.limits().connections() + MOST_BEYOND) {
                socket.close();
                return;
            }
            sockets.incrementAndGet();
            NetSocketInternal internal = (NetSocketInternal) socket;
            Wire wire = new Wire(internal, parts.limits(), parts.memory());
            MqttConnection connection = new MqttConnection(MqttFront.this, parts, wire, context);
            open.add(connection);
            socket.exceptionHandler(error -> LOG.debug("A connection broke", error));
            socket.closeHandler(closed -> {
                sockets.decrementAndGet();
                open.remove(connection);
                connection.closed();
            });
            socket.shutdownHandler(stopping -> connection.shutDown());
            internal.messageHandler(packet -> connection.handle((Packet) packet));
        }

        private void sweep() {
            long now = System.nanoTime();
            boolean credentials =
                    now - credentialsNanos >= parts.limits().credentialTime().toNanos();
            credentialsNanos = credentials ? now : credentialsNanos;
            List.copyOf(open).forEach(connection -> connection.sweep(now, credentials));
        }
    }
}
