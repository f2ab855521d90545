package org.lifelog.gateway.mqtt;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.lifelog.gateway.accept.Acceptor;
import org.lifelog.gateway.accept.Protocol;
import org.lifelog.gateway.access.Authenticator;
import org.lifelog.gateway.access.Credential;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.ReadingDecoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway over MQTT 3.1.1: takes connections, checks who they are, and gives each an {@link MqttConnection}. */
public final class MqttFront implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MqttFront.class);
    private static final int VERSION_3_1_1 = 4;
    private static final int MOST_BYTES = 16 << 20;
    private static final int CONNECT_SECONDS = 10;
    private static final long CLOSE_SECONDS = 10;
    /** Codes of devices may have 64 characters, and many clients put more into their id. */
    private static final int LONGEST_CLIENT_ID = 256;

    private final Vertx vertx;
    private final Acceptor acceptor;
    private final ReadingDecoder decoder;
    private final Authenticator authenticator;
    private final AtomicInteger connections;
    private MqttServer server;

    public MqttFront(
            Vertx vertx, Acceptor acceptor, ReadingDecoder decoder, Authenticator authenticator, MeterRegistry meters) {
        this.vertx = vertx;
        this.acceptor = acceptor;
        this.decoder = decoder;
        this.authenticator = authenticator;
        this.connections = meters.gauge(
                "lifelog.gateway.connections", Tags.of("protocol", Protocol.MQTT.tag()), new AtomicInteger());
    }

    /** Opens the port; fails with {@link java.net.BindException} where it is taken. */
    public Future<MqttServer> start(String host, int port) {
        server = MqttServer.create(
                        vertx,
                        new MqttServerOptions()
                                .setHost(host)
                                .setPort(port)
                                .setMaxMessageSize(MOST_BYTES)
                                .setMaxClientIdLength(LONGEST_CLIENT_ID)
                                .setTimeoutOnConnect(CONNECT_SECONDS))
                .endpointHandler(this::connect)
                .exceptionHandler(error -> LOG.debug("A connection ended before CONNECT", error));
        return server.listen();
    }

    private void connect(MqttEndpoint endpoint) {
        if (endpoint.protocolVersion() != VERSION_3_1_1) {
            endpoint.reject(
                    endpoint.protocolVersion() > VERSION_3_1_1
                            ? MqttConnectReturnCode.CONNECTION_REFUSED_UNSUPPORTED_PROTOCOL_VERSION
                            : MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION);
            return;
        }
        // Many devices set a will; it has no effect, and it is no reason to turn them away.
        if (endpoint.auth() == null || endpoint.auth().getPassword() == null) {
            endpoint.reject(MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD);
            return;
        }
        endpoint.exceptionHandler(error -> LOG.debug("A connection broke", error));
        authenticator
                .password(
                        endpoint.remoteAddress().host(),
                        endpoint.auth().getUsername(),
                        endpoint.auth().getPassword())
                .onSuccess(credential -> accept(endpoint, credential))
                .onFailure(error -> reject(
                        endpoint,
                        error instanceof Refusal refusal && refusal.failure() == Failure.UNAUTHENTICATED
                                ? MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD
                                : MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE));
    }

    private static void reject(MqttEndpoint endpoint, MqttConnectReturnCode code) {
        try {
            endpoint.reject(code);
        } catch (IllegalStateException e) {
            LOG.debug("A client left before its credential was checked", e);
        }
    }

    private void accept(MqttEndpoint endpoint, Credential credential) {
        try {
            new MqttConnection(endpoint, credential, acceptor, decoder).handleMessages();
            endpoint.subscribeHandler(subscription -> endpoint.subscribeAcknowledge(
                    subscription.messageId(),
                    Collections.nCopies(subscription.topicSubscriptions().size(), MqttQoS.FAILURE)));
            endpoint.unsubscribeHandler(message -> endpoint.unsubscribeAcknowledge(message.messageId()));
            connections.incrementAndGet();
            endpoint.closeHandler(closed -> connections.decrementAndGet());
            // Nothing is kept for a session here: what is acknowledged is in Kafka, what is not the client sends again.
            endpoint.accept(false);
        } catch (IllegalStateException e) {
            LOG.debug("A client left before its credential was checked", e);
        }
    }

    /** Closes all connections; what is not acknowledged their clients send again. */
    @Override
    public void close() throws TimeoutException {
        if (server != null) {
            server.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
