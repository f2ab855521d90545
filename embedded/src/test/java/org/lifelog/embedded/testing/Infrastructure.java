package org.lifelog.embedded.testing;

import org.lifelog.embedded.EmbeddedKafka;
import org.lifelog.embedded.EmbeddedRegistry;

/** Kafka and schema registry, shared by the tests of this JVM. For the database see {@link TestDatabase}. */
public final class Infrastructure {

    private Infrastructure() {}

    /** {@code host:port} of a Kafka that creates no topics by itself; each test makes its own, under its own names. */
    public static String kafka() {
        return Kafka.BOOTSTRAP;
    }

    /** Base URL of a registry with Confluent's API; subjects are shared, so each test uses its own names. */
    public static String registryUrl() {
        return Registry.URL;
    }

    /** Loaded, and so started, on first use. */
    private static final class Kafka {

        static final String BOOTSTRAP = Environment.value("LIFELOG_KAFKA")
                .map(running -> Environment.announce("Kafka: " + running, running))
                .orElseGet(Kafka::start);

        private static String start() {
            EmbeddedKafka kafka =
                    TemporaryService.start("kafka", directory -> EmbeddedKafka.start(directory, "127.0.0.1", 0));
            return Environment.announce("Kafka: embedded", kafka.bootstrap());
        }
    }

    /** Loaded, and so started, on first use. */
    private static final class Registry {

        static final String URL = Environment.value("LIFELOG_REGISTRY")
                .map(running -> Environment.announce("schema registry: " + running, running))
                .orElseGet(Registry::start);

        private static String start() {
            EmbeddedRegistry registry =
                    TemporaryService.start("registry", directory -> EmbeddedRegistry.start(directory, "127.0.0.1", 0));
            return Environment.announce("schema registry: embedded", registry.url());
        }
    }
}
