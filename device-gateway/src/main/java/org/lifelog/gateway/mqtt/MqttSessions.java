package org.lifelog.gateway.mqtt;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.lifelog.avro.MqttSession;
import org.lifelog.contract.Topic;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.follow.TopicFollower;
import org.lifelog.runtime.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of MQTT clients, in {@code lifelog.gateway.sessions}, so that session-present is true when it should be,
 * also after a restart and on another replica. A connection takes a session by writing an entry and reading it back: what
 * the topic held before that entry is the session, and whoever had it has lost it. The number of sessions is bounded.
 */
public final class MqttSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MqttSessions.class);
    private static final Duration SWEEP = Duration.ofSeconds(30);
    private static final Duration RENEW = Session.RENEWED.dividedBy(2);

    /**
     * How many sessions there may be; a client that would make one more is turned away.
     *
     * @param all of all credentials together
     * @param ofCredential of one credential, so that a vendor whose clients have ever new identifiers leaves room for
     *     others
     */
    public record Most(int all, int ofCredential) {}

    /**
     * A session that a connection has got.
     *
     * @param present whether it was there before
     */
    record Opened(boolean present, List<String> subscriptions, List<Integer> received) {
        static final Opened NEW = new Opened(false, List.of(), List.of());

        /** What is left by earlier connections; a session of which nothing is in the topic has ended with its own. */
        static Opened of(Optional<Session> session, List<Integer> handedOver) {
            return session.map(before -> {
                        List<Integer> received = Stream.concat(before.received().stream(), handedOver.stream())
                                .distinct()
                                .toList();
                        return new Opened(true, before.subscriptions(), received);
                    })
                    .orElse(NEW);
        }
    }

    private final SessionTable table = new SessionTable();
    private final SessionWriter writer;
    private final TopicFollower topic;
    private final Deserializer<? extends IndexedRecord> deserializer;
    private final Most most;
    private final Clock clock;
    private final String process = UUID.randomUUID().toString();
    private final AtomicLong connections = new AtomicLong();
    /** The connection of this process that a client has, whether its session is in the topic or not. */
    private final Map<SessionKey, Owner> owners = new ConcurrentHashMap<>();
    /** Connections whose entry has not been read back. */
    private final Map<String, Promise<Optional<Session>>> opening = new ConcurrentHashMap<>();

    private final Tally openingOf = new Tally();

    private Instant lastSweep;
    private volatile boolean everRead;
    private volatile Health.Check last = Health.Check.down("the sessions of MQTT clients have not been read yet");

    /**
     * Starts to read.
     *
     * @param consumerSettings how to reach Kafka
     */
    public MqttSessions(
            Map<String, Object> consumerSettings,
            Producer<String, byte[]> producer,
            Serializer<IndexedRecord> serializer,
            Deserializer<? extends IndexedRecord> deserializer,
            Most most,
            Clock clock) {
        this.writer = new SessionWriter(producer, serializer);
        this.deserializer = deserializer;
        this.most = most;
        this.clock = clock;
        this.lastSweep = clock.instant();
        this.topic = new TopicFollower(consumerSettings, Topic.SESSIONS, new Follower());
        topic.start();
    }

    /** Whether the sessions have been read and are followed. */
    public Health.Check check() {
        return last;
    }

    /** A name for a new connection that no other has, in no process. */
    String newConnection() {
        return process + "/" + connections.incrementAndGet();
    }

    /**
     * Gives a client its session, and takes it from the connection that had it. A session that ends with its connection
     * is not written, but one that it replaces is ended.
     *
     * @param cleanStart whether the client wants a new one
     * @param expirySeconds how long it outlives the connection
     * @return succeeds when Kafka has what must be there; fails with a {@link Refusal}
     */
    Future<Opened> open(SessionKey key, Owner owner, boolean cleanStart, long expirySeconds) {
        if (!everRead) {
            return Future.failedFuture(new Refusal(
                    Failure.UNAVAILABLE, "The gateway has not read the sessions of its clients yet. Connect again."));
        }
        Owner before = owners.put(key, owner);
        Future<List<Integer>> handedOver = before == null ? Future.succeededFuture(List.of()) : before.takenOver();
        return handedOver.compose(received -> cleanStart && expirySeconds == 0
                ? replace(key, owner)
                : take(key, owner, cleanStart, expirySeconds, received));
    }

    private Future<Opened> replace(SessionKey key, Owner owner) {
        return table.live(key, clock.instant()).isEmpty()
                ? Future.succeededFuture(Opened.NEW)
                : writer.end(key, Optional.empty(), owner.id()).map(Opened.NEW);
    }

    private Future<Opened> take(
            SessionKey key, Owner owner, boolean cleanStart, long expirySeconds, List<Integer> received) {
        Optional<Session> known = table.live(key, clock.instant());
        if (known.isEmpty() && full(key.username())) {
            // Its end must not write a session either.
            owners.remove(key, owner);
            return Future.failedFuture(
                    new Refusal(Failure.QUOTA_EXCEEDED, "There are too many sessions. Connect with a clean session."));
        }
        Opened proposed = cleanStart ? Opened.NEW : Opened.of(known, received);
        Promise<Optional<Session>> readBack = Promise.promise();
        opening.put(owner.id(), readBack);
        openingOf.add(key.username());
        // Identifiers that stay in the topic while they are released and used anew would, where this connection writes
        // no end, pass for messages that are stored.
        Opened entry = new Opened(true, proposed.subscriptions(), List.of());
        return writer.write(key, session(owner, true, expirySeconds, entry, Optional.empty()))
                .onFailure(error -> opened(key, owner.id()))
                .compose(written -> readBack.future())
                .compose(previous -> {
                    Opened found = cleanStart ? Opened.NEW : Opened.of(previous, received);
                    return found.subscriptions().equals(proposed.subscriptions())
                            ? Future.succeededFuture(found)
                            : change(key, owner, expirySeconds, found.subscriptions())
                                    .map(found);
                });
    }

    private boolean full(String username) {
        return table.size() + opening.size() >= most.all()
                || table.size(username) + openingOf.of(username) >= most.ofCredential();
    }

    /** The entry of a connection is not waited for any more; nothing where it was not. */
    private Optional<Promise<Optional<Session>>> opened(SessionKey key, String connection) {
        Optional<Promise<Optional<Session>>> readBack = Optional.ofNullable(opening.remove(connection));
        readBack.ifPresent(waited -> openingOf.remove(key.username()));
        return readBack;
    }

    /** Writes what a connection has changed of its session; succeeds when Kafka has it. */
    Future<Void> change(SessionKey key, Owner owner, long expirySeconds, Collection<String> subscriptions) {
        Opened state = new Opened(true, List.copyOf(subscriptions), List.of());
        return writer.write(key, session(owner, false, expirySeconds, state, Optional.empty()));
    }

    /**
     * A connection has ended. Where another one has its session by now, that one is not disturbed.
     *
     * @param written whether the session is in the topic
     */
    void end(
            SessionKey key,
            Owner owner,
            boolean written,
            long expirySeconds,
            Collection<String> subscriptions,
            Collection<Integer> received) {
        boolean unopened = opened(key, owner.id()).isPresent();
        if (!owners.remove(key, owner) || !written) {
            return;
        }
        if (expirySeconds == 0) {
            writer.end(key, Optional.of(owner.id()), owner.id());
        } else {
            // A client that left before it got its session does not know what is in it.
            Opened state = table.live(key, clock.instant())
                    .filter(session -> unopened)
                    .map(session -> new Opened(true, session.subscriptions(), session.received()))
                    .orElseGet(() -> new Opened(true, List.copyOf(subscriptions), List.copyOf(received)));
            writer.write(key, session(owner, false, expirySeconds, state, Optional.of(clock.instant())));
        }
    }

    private Session session(
            Owner owner, boolean opening, long expirySeconds, Opened state, Optional<Instant> disconnectedAt) {
        return new Session(
                owner.id(),
                opening,
                expirySeconds,
                state.subscriptions(),
                state.received(),
                clock.instant(),
                disconnectedAt);
    }

    @Override
    public void close() {
        writer.close();
        topic.close();
    }

    /** What comes in by the topic, on its thread. */
    private final class Follower implements TopicFollower.Reader {
        @Override
        public void entry(ConsumerRecord<String, byte[]> entry) {
            try {
                SessionKey key = SessionKey.parse(entry.key());
                if (entry.value() == null) {
                    end(key, header(entry, SessionWriter.OF), header(entry, SessionWriter.BY));
                } else {
                    apply(key, Session.read((MqttSession)
                            deserializer.deserialize(Topic.SESSIONS.topicName(), entry.value())));
                }
            } catch (RuntimeException e) {
                LOG.warn("Leaving out an entry of {} that cannot be read", Topic.SESSIONS.topicName(), e);
            }
        }

        private void apply(SessionKey key, Session session) {
            Optional<Session> before = table.live(key, clock.instant());
            switch (table.apply(key, session)) {
                case OPENED ->
                    opened(key, session.connection())
                            .ifPresentOrElse(
                                    readBack -> readBack.complete(before), () -> takeOver(key, session.connection()));
                case STALE -> before.ifPresent(right -> repair(key, right));
                default -> {
                    // nothing to do beside
                }
            }
        }

        private void end(SessionKey key, Optional<String> of, Optional<String> by) {
            Optional<Session> before = table.live(key, clock.instant());
            if (table.end(key, of) == SessionTable.Effect.STALE) {
                before.ifPresent(right -> repair(key, right));
            } else if (of.isEmpty()) {
                by.ifPresent(connection -> takeOver(key, connection));
            }
        }

        /**
         * Connections of this process have settled it among themselves. One that waits for its own entry comes later in
         * the topic than this.
         */
        private void takeOver(SessionKey key, String connection) {
            Owner owner = owners.get(key);
            if (owner != null && !connection.startsWith(process + "/") && !opening.containsKey(owner.id())) {
                owners.remove(key, owner);
                owner.takenOver();
            }
        }

        /** Compaction would keep the stale entry alone. */
        private void repair(SessionKey key, Session right) {
            Owner owner = owners.get(key);
            if (owner != null && owner.id().equals(right.connection())) {
                writer.write(key, again(right));
            }
        }

        private Session again(Session session) {
            return new Session(
                    session.connection(),
                    false,
                    session.expirySeconds(),
                    session.subscriptions(),
                    session.received(),
                    clock.instant(),
                    session.disconnectedAt());
        }

        @Override
        public void caughtUp() {
            everRead = true;
            last = Health.Check.up("the sessions of MQTT clients are read");
        }

        @Override
        public void idle() {
            Instant now = clock.instant();
            if (now.isAfter(lastSweep.plus(SWEEP))) {
                lastSweep = now;
                table.forEach((key, session) -> look(key, session, now));
            }
        }

        private void look(SessionKey key, Session session, Instant now) {
            if (!session.live(now)) {
                writer.end(key, Optional.of(session.connection()), process);
            } else if (session.disconnectedAt().isEmpty()
                    && now.isAfter(session.writtenAt().plus(RENEW))) {
                repair(key, session);
            }
        }

        @Override
        public void lost(String why) {
            last = Health.Check.down("the sessions of MQTT clients cannot be read (" + why + "); tried again");
        }

        private static Optional<String> header(ConsumerRecord<String, byte[]> entry, String name) {
            return Optional.ofNullable(entry.headers().lastHeader(name))
                    .map(Header::value)
                    .map(value -> new String(value, StandardCharsets.UTF_8));
        }
    }
}
