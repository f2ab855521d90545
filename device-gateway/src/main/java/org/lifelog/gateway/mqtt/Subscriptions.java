package org.lifelog.gateway.mqtt;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lifelog.gateway.access.Credential;

/** What one client subscribed to: receipts of devices of its own centers, and nothing else. At most 256 topics. */
final class Subscriptions {
    private static final int MOST = 256;
    private static final String SHARED = "$share/";

    private final Credential credential;
    private final Receipts receipts;
    private final Receipts.Subscriber subscriber;
    private final Set<String> topics;

    /** Takes up those of the session again. */
    Subscriptions(
            Credential credential, Receipts receipts, Receipts.Subscriber subscriber, Collection<String> ofSession) {
        this.credential = credential;
        this.receipts = receipts;
        this.subscriber = subscriber;
        // A credential may have lost a center since.
        this.topics = new LinkedHashSet<>(
                ofSession.stream().filter(topic -> check(topic).isEmpty()).toList());
        topics.forEach(topic -> receipts.subscribe(credential.username(), topic, subscriber));
    }

    Collection<String> topics() {
        return topics;
    }

    /**
     * Subscribes.
     *
     * @return a reason for each filter, in their order
     * @throws Violation of MQTT 5 only: subscriptions of a kind that CONNACK said is not there
     */
    List<Reason> add(Packet.Subscribe packet, Version version) throws Violation {
        if (version == Version.MQTT_5) {
            checkKinds(packet);
        }
        List<Reason> reasons = new ArrayList<>();
        for (String filter : packet.filters()) {
            Optional<Reason> refused = check(filter);
            if (refused.isEmpty() && topics.size() >= MOST && !topics.contains(filter)) {
                refused = Optional.of(Reason.QUOTA_EXCEEDED);
            }
            if (refused.isEmpty() && topics.add(filter)) {
                receipts.subscribe(credential.username(), filter, subscriber);
            }
            reasons.add(refused.orElse(Reason.SUCCESS));
        }
        return reasons;
    }

    private static void checkKinds(Packet.Subscribe packet) throws Violation {
        if (packet.withIdentifier()) {
            throw new Violation(
                    Reason.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED, "There are no subscription identifiers here.");
        }
        for (String filter : packet.filters()) {
            if (filter.startsWith(SHARED)) {
                throw new Violation(
                        Reason.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, "There are no shared subscriptions here.");
            }
            if (filter.indexOf('#') >= 0 || filter.indexOf('+') >= 0) {
                throw new Violation(Reason.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED, "There are no wildcards here.");
            }
        }
    }

    private Optional<Reason> check(String filter) {
        Optional<ReceiptTopic> topic = ReceiptTopic.parse(filter);
        if (topic.isEmpty()) {
            return Optional.of(Reason.TOPIC_FILTER_INVALID);
        }
        return credential.centers().contains(topic.get().center())
                ? Optional.empty()
                : Optional.of(Reason.NOT_AUTHORIZED);
    }

    /** Unsubscribes; a reason for each filter, in their order. */
    List<Reason> remove(Packet.Unsubscribe packet) {
        List<Reason> reasons = new ArrayList<>();
        for (String filter : packet.filters()) {
            boolean was = topics.remove(filter);
            if (was) {
                receipts.unsubscribe(credential.username(), filter, subscriber);
            }
            reasons.add(was ? Reason.SUCCESS : Reason.NO_SUBSCRIPTION_EXISTED);
        }
        return reasons;
    }

    /** The connection has ended; the session keeps the topics. */
    void end() {
        topics.forEach(topic -> receipts.unsubscribe(credential.username(), topic, subscriber));
    }
}
