package org.lifelog.sink;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lifelog.runtime.Setting;

/** The settings of the sink. */
public final class SinkSettings {
    static final Setting<String> KAFKA =
            Setting.text("kafka.bootstrap.servers", "Addresses of Kafka brokers as host:port, separated by commas.");
    static final Setting<String> REGISTRY =
            Setting.text("schema.registry.url", "Addresses of the schema registry, separated by commas.");
    static final Setting<String> REGISTRY_USER_INFO = Setting.secret(
            "basic.auth.user.info", "", "Credential for the schema registry as user:password; empty for none.");
    static final Setting<String> DATABASE =
            Setting.text("database.url", "Address of the database, such as jdbc:postgresql://host:5432/lifelog.");
    static final Setting<String> DATABASE_USERNAME =
            Setting.text("database.username", "lifelog", "Role that owns the schema in the database.");
    static final Setting<String> DATABASE_PASSWORD = Setting.secret("database.password", "", "Password of that role.");
    static final Setting<Optional<Path>> CATALOGUE = Setting.path(
            "lifelog.catalogue", "Folder with metrics.csv and units.csv that replaces the built-in catalogue.");
    static final Setting<Optional<Path>> CENTERS =
            Setting.path("lifelog.centers", "YAML file that replaces the built-in list of centers.");
    static final Setting<String> GROUP =
            Setting.text("sink.group.id", "lifelog-sink", "Name of the group of sinks that share the partitions.");
    static final Setting<Integer> THREADS =
            Setting.number("sink.threads", 2, 1, 64, "Number of threads that read and decode, each with its consumer.");
    static final Setting<Integer> CONNECTIONS = Setting.number(
            "sink.connections",
            64,
            1,
            64,
            "Most transactions at once; with fewer than threads, the other threads read and decode meanwhile.");
    static final Setting<Integer> BATCH_ROWS = Setting.number(
            "sink.batch.rows",
            5_000,
            1,
            100_000,
            "Most records that one transaction writes; a lone one does not wait.");

    static final Setting<Integer> RETENTION_HOURS = Setting.number(
            "sink.retention.hours",
            6,
            1,
            168,
            "How often, in hours, what is older than its center keeps it is removed.");

    /** All of them. */
    public static final List<Setting<?>> ALL = List.of(
            KAFKA,
            REGISTRY,
            REGISTRY_USER_INFO,
            DATABASE,
            DATABASE_USERNAME,
            DATABASE_PASSWORD,
            CATALOGUE,
            CENTERS,
            GROUP,
            THREADS,
            CONNECTIONS,
            BATCH_ROWS,
            RETENTION_HOURS);

    private SinkSettings() {}
}
