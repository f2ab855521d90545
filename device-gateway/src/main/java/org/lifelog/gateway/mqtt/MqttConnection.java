package org.lifelog.gateway.mqtt;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of an MQTT client, from its first byte to its last. All of it runs on the connection's event loop.
 *
 * <p>It holds at most 128 KiB of what is not decoded yet (or one packet of up to 8 MiB, from the memory of the process),
 * what {@link Exchanges} allows under way, 64 KiB of answers and 100 receipts that are not written yet.
 */
final class MqttConnection implements Owner, Exchanges.Connection {
    private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);
    private static final long MILLION = 1_000_000;
    private static final long DRAIN_LOOK_MILLIS = 20;
    private static final String SHUTTING_DOWN = "The gateway stops. Connect again.";

    private enum Phase {
        WAITING,
        CONNECTING,
        OPEN,
        CLOSED
    }

    private final MqttFront front;
    private final MqttFront.Parts parts;
    private final Wire wire;
    private final Context context;
    private final String id;

    private Phase phase = Phase.WAITING;
    private long sinceNanos = System.nanoTime();
    private long lastBytes;
    private Optional<Handshake> handshake = Optional.empty();
    private Optional<Client> client = Optional.empty();

    /** A connection that has just been made. */
    MqttConnection(MqttFront front, MqttFront.Parts parts, Wire wire, Context context) {
        this.front = front;
        this.parts = parts;
        this.wire = wire;
        this.context = context;
        this.id = parts.sessions().newConnection();
    }

    @Override
    public String id() {
        return id;
    }

    /** Takes what the decoder made of the bytes. */
    void handle(Packet packet) {
        try {
            switch (phase) {
                case WAITING -> begin(packet);
                case OPEN -> dispatch(packet, client.orElseThrow());
                default -> drop(packet);
            }
        } catch (Violation e) {
            violated(e);
        }
    }

    private void drop(Packet packet) throws Violation {
        if (packet instanceof Packet.Publish publish) {
            parts.memory().give(publish.leasedBytes());
        } else if (packet instanceof Packet.Broken broken && phase == Phase.CONNECTING) {
            throw broken.violation();
        }
    }

    private void begin(Packet packet) throws Violation {
        if (packet instanceof Packet.Connect connect) {
            connect(connect);
        } else if (packet instanceof Packet.OtherVersion other) {
            Version form = other.level() > 5 ? Version.MQTT_5 : Version.MQTT_3_1_1;
            refuse(form, Reason.UNSUPPORTED_PROTOCOL_VERSION, "MQTT is spoken in the versions 3.1.1 and 5.");
        } else if (packet instanceof Packet.Broken broken) {
            throw broken.violation();
        }
    }

    /** What comes before CONNACK is not read; it is taken once the client is accepted. */
    private void connect(Packet.Connect connect) {
        phase = Phase.CONNECTING;
        sinceNanos = System.nanoTime();
        wire.pause(PacketDecoder.Pause.CONNECTING, true);
        Handshake started = new Handshake(parts, connect, wire.address(), wire.certificate());
        handshake = Optional.of(started);
        if (!front.admits()) {
            refuse(connect.version(), Reason.CONNECTION_RATE_EXCEEDED, "There are too many connections.");
            return;
        }
        started.run(this, () -> phase == Phase.CONNECTING)
                .onComplete(result -> context.runOnContext(now -> {
                    if (phase != Phase.CONNECTING) {
                        return;
                    }
                    if (result.succeeded()) {
                        accept(result.result());
                    } else {
                        Handshake.Refused refused = (Handshake.Refused) result.cause();
                        refuse(connect.version(), refused.reason(), refused.getMessage());
                    }
                }));
    }

    private void accept(Handshake.Accepted accepted) {
        Packet.Connect connect = accepted.connect();
        MqttSessions.Opened session = accepted.session();
        Storing storing = new Storing(
                parts,
                context,
                accepted.credential(),
                connect,
                accepted.key().clientId(),
                stop -> wire.pause(PacketDecoder.Pause.QUOTA, stop));
        Answers answers = new Answers(connect);
        ReceiptOutlet outlet = new ReceiptOutlet(front.receipts(), wire, context, answers);
        client = Optional.of(new Client(
                accepted.key(),
                accepted.credential(),
                answers,
                new Exchanges(this, storing, connect.version(), parts.limits(), session.received()),
                new Subscriptions(accepted.credential(), front.receipts(), outlet, session.subscriptions()),
                outlet,
                Handshake.keepAliveSeconds(connect, parts.limits()) * 1_500L,
                accepted.expirySeconds(),
                parts.limits().sessionExpiry().toSeconds(),
                handshake.orElseThrow().sessionWritten()));
        handshake = Optional.empty();
        phase = Phase.OPEN;
        sinceNanos = System.nanoTime();
        front.opened();
        wire.speak(connect.version());
        wire.send(Answers.connected(session.present(), Handshake.announced(accepted, parts.limits())));
        wire.pause(PacketDecoder.Pause.CONNECTING, false);
    }

    private void refuse(Version version, Reason reason, String detail) {
        wire.speak(version);
        end(handshake
                .map(Handshake::answers)
                .orElseGet(() -> new Answers(version, Long.MAX_VALUE, true))
                .refused(reason, detail));
    }

    private void dispatch(Packet packet, Client open) throws Violation {
        if (packet instanceof Packet.Publish publish) {
            open.exchanges().take(publish);
        } else if (packet instanceof Packet.Release release) {
            open.exchanges().release(release.id());
        } else if (packet instanceof Packet.Ping) {
            wire.send(Answers.PINGRESP);
        } else if (packet instanceof Packet.Subscribe subscribe) {
            List<Reason> reasons =
                    open.subscriptions().add(subscribe, open.answers().version());
            answerWhenKept(open, open.answers().subscribed(subscribe.id(), reasons));
        } else if (packet instanceof Packet.Unsubscribe unsubscribe) {
            List<Reason> reasons = open.subscriptions().remove(unsubscribe);
            answerWhenKept(open, open.answers().unsubscribed(unsubscribe.id(), reasons));
        } else if (packet instanceof Packet.Disconnect disconnect) {
            open.changeExpiry(disconnect.sessionExpirySeconds());
            end(Optional.empty());
        } else if (packet instanceof Packet.Authenticate) {
            throw new Violation(Reason.BAD_AUTHENTICATION_METHOD, "There is no extended authentication here.");
        } else if (packet instanceof Packet.Broken broken) {
            throw broken.violation();
        }
    }

    private void answerWhenKept(Client open, MqttMessage answer) {
        Future<Void> kept = open.written()
                ? parts.sessions()
                        .change(
                                open.key(),
                                this,
                                open.expirySeconds(),
                                open.subscriptions().topics())
                : Future.succeededFuture();
        kept.onComplete(result -> onContext(() -> {
            if (phase == Phase.OPEN) {
                if (result.succeeded()) {
                    wire.send(answer);
                } else {
                    fail(result.cause());
                }
            }
        }));
    }

    private void onContext(Runnable work) {
        context.runOnContext(now -> work.run());
    }

    private void violated(Violation violation) {
        LOG.debug("A client broke the protocol: {}", violation.getMessage());
        if (phase == Phase.OPEN) {
            disconnect(violation.reason(), violation.getMessage());
        } else {
            // Before CONNACK a client of MQTT 5 learns it by CONNACK; one that has not begun with CONNECT, not at all.
            wire.version()
                    .ifPresentOrElse(
                            version -> refuse(version, violation.reason(), violation.getMessage()),
                            () -> end(Optional.empty()));
        }
    }

    /** Ends the connection: over MQTT 5 with DISCONNECT, over 3.1.1 without a word. */
    private void disconnect(Reason reason, String detail) {
        end(client.map(Client::answers).filter(Answers::five).map(answers -> answers.disconnected(reason, detail)));
    }

    private void end(Optional<MqttMessage> lastPacket) {
        leave();
        wire.close(lastPacket);
    }

    /** The connection is gone, by whomever. */
    void closed() {
        leave();
    }

    /** The gateway stops: reads no more, waits for what is under way, and says so. */
    void shutDown() {
        switch (phase) {
            case OPEN -> {
                wire.pause(PacketDecoder.Pause.SHUTDOWN, true);
                shutDownWhenIdle(System.nanoTime() + parts.limits().drainTime().toNanos());
            }
            case CONNECTING ->
                refuse(wire.version().orElse(Version.MQTT_3_1_1), Reason.SERVER_SHUTTING_DOWN, SHUTTING_DOWN);
            case WAITING -> end(Optional.empty());
            default -> {
                // on its way out
            }
        }
    }

    private void shutDownWhenIdle(long deadlineNanos) {
        client.ifPresent(open -> {
            if (open.exchanges().idle() || System.nanoTime() - deadlineNanos > 0) {
                disconnect(Reason.SERVER_SHUTTING_DOWN, SHUTTING_DOWN);
            } else {
                context.owner().setTimer(DRAIN_LOOK_MILLIS, timer -> shutDownWhenIdle(deadlineNanos));
            }
        });
    }

    private void leave() {
        if (phase == Phase.OPEN) {
            front.left();
        }
        phase = Phase.CLOSED;
        client.ifPresent(open -> {
            open.exchanges().end();
            open.subscriptions().end();
            parts.sessions()
                    .end(
                            open.key(),
                            this,
                            open.written(),
                            open.expirySeconds(),
                            open.subscriptions().topics(),
                            open.exchanges().received());
        });
        handshake.ifPresent(begun -> begun.key()
                .ifPresent(key -> parts.sessions()
                        .end(key, this, begun.sessionWritten(), begun.expirySeconds(), List.of(), List.of())));
        client = Optional.empty();
        handshake = Optional.empty();
    }

    @Override
    public Future<List<Integer>> takenOver() {
        Promise<List<Integer>> ended = Promise.promise();
        onContext(() -> {
            List<Integer> received =
                    client.map(open -> open.exchanges().received()).orElse(List.of());
            if (phase == Phase.OPEN) {
                disconnect(Reason.SESSION_TAKEN_OVER, "Another connection has the same client identifier.");
            } else if (phase == Phase.CONNECTING) {
                end(Optional.empty());
            }
            ended.complete(received);
        });
        return ended.future();
    }

    @Override
    public void acknowledge(MqttMessageType type, int messageId, int code, String detail) {
        client.ifPresent(open -> wire.send(open.answers().acknowledged(type, messageId, code, detail)));
    }

    @Override
    public void answered(Exchanges.Answered message) {
        client.ifPresent(open -> open.receipts().tell(open.credential().username(), message));
    }

    @Override
    public void fail(Throwable error) {
        Reason reason = Reason.UNSPECIFIED_ERROR;
        String detail = "This is a fault of the gateway. It has been logged.";
        if (error instanceof Refusal refusal) {
            detail = refusal.getMessage();
            reason = refusal.failure() == Failure.QUOTA_EXCEEDED
                    ? Reason.QUOTA_EXCEEDED
                    : refusal.failure() == Failure.UNAVAILABLE ? Reason.SERVER_BUSY : Reason.NOT_AUTHORIZED;
            LOG.debug("Closing a connection: {}", refusal.failure().code());
        } else {
            LOG.error("Closing a connection for a reason that the failure table does not know", error);
        }
        disconnect(reason, detail);
    }

    @Override
    public void tooManyUnderWay(boolean tooMany) {
        wire.pause(PacketDecoder.Pause.ANSWERS, tooMany);
    }

    /** Looks, some times a second, whether something has taken too long. */
    void sweep(long nowNanos, boolean credentialsToo) {
        long millis = (nowNanos - sinceNanos) / MILLION;
        Limits limits = parts.limits();
        switch (phase) {
            case WAITING -> {
                if (millis > limits.connectTime().toMillis()) {
                    end(Optional.empty());
                }
            }
            case CONNECTING -> {
                if (millis > limits.authenticationTime().toMillis()) {
                    refuse(
                            wire.version().orElse(Version.MQTT_3_1_1),
                            Reason.SERVER_UNAVAILABLE,
                            "The gateway could not check the credential or the session in time. Connect again.");
                }
            }
            case OPEN -> sweepOpen(client.orElseThrow(), nowNanos, millis, credentialsToo);
            default -> {
                // on its way out
            }
        }
    }

    private void sweepOpen(Client open, long nowNanos, long millis, boolean credentialsToo) {
        if (credentialsToo
                && !parts.authenticating()
                        .stillGood(open.credential(), parts.clock().instant())) {
            disconnect(Reason.NOT_AUTHORIZED, "The credential has expired.");
        } else if (wire.bytesRead() != lastBytes || wire.heldBack()) {
            lastBytes = wire.bytesRead();
            sinceNanos = nowNanos;
        } else if (millis > open.keepAliveMillis()) {
            disconnect(
                    Reason.KEEP_ALIVE_TIMEOUT, "The client was silent for more than one and a half of its keep-alive.");
        }
    }
}
