package org.lifelog.embedded;

import java.nio.file.Path;
import java.util.Properties;

/** The settings of the single node: safe for data, small for a laptop. */
final class KafkaSettings {

    static final int NODE_ID = 1;
    static final String CONTROLLER = "CONTROLLER";

    private KafkaSettings() {}

    static Properties of(Path dataDirectory, ListenAddress broker, ListenAddress controller) {
        Properties settings = new Properties();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", Integer.toString(NODE_ID));
        // The quorum is this one node, so its controller's port may change from start to start.
        settings.setProperty("controller.quorum.voters", NODE_ID + "@" + controller);
        settings.setProperty("controller.listener.names", CONTROLLER);
        settings.setProperty("listeners", "CLIENT://" + broker + "," + CONTROLLER + "://" + controller);
        settings.setProperty("advertised.listeners", "CLIENT://" + broker);
        settings.setProperty("listener.security.protocol.map", "CLIENT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        settings.setProperty("inter.broker.listener.name", "CLIENT");
        settings.setProperty("log.dirs", dataDirectory.toAbsolutePath().toString());

        settings.setProperty("auto.create.topics.enable", "false");
        settings.setProperty("default.replication.factor", "1");
        settings.setProperty("min.insync.replicas", "1");
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("offsets.topic.num.partitions", "4");
        settings.setProperty("transaction.state.log.replication.factor", "1");
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("transaction.state.log.num.partitions", "4");
        settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
        settings.setProperty("share.coordinator.state.topic.min.isr", "1");
        settings.setProperty("share.coordinator.state.topic.num.partitions", "1");
        settings.setProperty("group.initial.rebalance.delay.ms", "0");

        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "4");
        settings.setProperty("background.threads", "2");
        settings.setProperty("num.recovery.threads.per.data.dir", "2");
        settings.setProperty("group.coordinator.threads", "1");
        settings.setProperty("share.coordinator.threads", "1");
        // Allocated at start; 128 MiB by default.
        settings.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
        settings.setProperty("log.segment.bytes", Integer.toString(256 * 1024 * 1024));
        return settings;
    }
}
