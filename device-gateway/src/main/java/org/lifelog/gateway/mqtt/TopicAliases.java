package org.lifelog.gateway.mqtt;

/** The topic aliases of one connection, which the client sets. */
final class TopicAliases {
    private static final String[] NONE = {};

    private final int maximum;
    private String[] topics = NONE;

    /** Aliases from 1 to a maximum. */
    TopicAliases(int maximum) {
        this.maximum = maximum;
    }

    /**
     * The topic of a message, by its alias where it has no other.
     *
     * @throws Violation where the alias is beyond the maximum, or stands for nothing
     */
    String topic(Packet.Publish message) throws Violation {
        int alias = message.alias();
        if (alias == 0) {
            return message.topic();
        }
        if (alias > maximum) {
            throw new Violation(Reason.TOPIC_ALIAS_INVALID, "Topic aliases are from 1 to " + maximum + ".");
        }
        if (topics.length == 0) {
            topics = new String[maximum];
        }
        if (!message.topic().isEmpty()) {
            topics[alias - 1] = message.topic();
        }
        String topic = topics[alias - 1];
        if (topic == null) {
            throw Violation.protocol("Topic alias " + alias + " has not been set.");
        }
        return topic;
    }
}
