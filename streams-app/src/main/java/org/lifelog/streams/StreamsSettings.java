package org.lifelog.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.lifelog.contract.UnknownDevices;
import org.lifelog.runtime.Setting;

/** The settings of the streams application. */
public final class StreamsSettings {
    static final Setting<String> KAFKA =
            Setting.text("kafka.bootstrap.servers", "Addresses of Kafka brokers as host:port, separated by commas.");
    /** The schema registry. */
    public static final Setting<String> REGISTRY =
            Setting.text("schema.registry.url", "Addresses of the schema registry, separated by commas.");

    static final Setting<String> REGISTRY_USER_INFO = Setting.secret(
            "basic.auth.user.info", "", "Credential for the schema registry as user:password; empty for none.");
    static final Setting<Optional<Path>> CATALOGUE = Setting.path(
            "lifelog.catalogue", "Folder with metrics.csv and units.csv that replaces the built-in catalogue.");
    static final Setting<Optional<Path>> CENTERS =
            Setting.path("lifelog.centers", "YAML file that replaces the built-in list of centers.");
    static final Setting<String> APPLICATION_ID = Setting.text(
            "streams.application.id",
            "lifelog-streams",
            "Name of the group of instances that share the work and the state.");
    static final Setting<String> STATE_FOLDER = Setting.text(
            "streams.state.folder",
            ".lifelog/streams",
            "Folder for local state; it is rebuilt from Kafka where it is lost.");
    static final Setting<Integer> THREADS =
            Setting.number("streams.threads", 1, 1, 64, "Number of threads that process partitions.");
    static final Setting<Integer> STANDBYS = Setting.number(
            "streams.standby.replicas", 0, 0, 3, "Copies of the state that other instances keep ready to take over.");
    static final Setting<Integer> REPLICATION = Setting.number(
            "streams.replication.factor", -1, -1, 7, "Replicas of the internal topics; -1 leaves it to the broker.");
    static final Setting<Duration> COMMIT_INTERVAL = Setting.duration(
            "streams.commit.interval",
            Duration.ofMillis(500),
            "Time between two commits: results are seen, and each changed window is emitted once, after so long.");
    static final Setting<Integer> CACHE_MIB = Setting.number(
            "streams.cache.mib",
            64,
            1,
            65_536,
            "Memory for windows and duplicates that wait for the next commit, in MiB.");
    static final Setting<Integer> ROCKSDB_MIB =
            Setting.number("streams.rocksdb.mib", 128, 16, 65_536, "Memory off the heap for all of RocksDB, in MiB.");
    static final Setting<Duration> FUTURE_TOLERANCE = Setting.duration(
            "judge.future.tolerance",
            Duration.ofMinutes(15),
            "By how much an effective time may lie after the arrival before the reading is quarantined.");
    static final Setting<Instant> EARLIEST = Setting.of(
            "judge.earliest.time",
            "instant (ISO 8601)",
            "2005-01-01T00:00:00Z",
            "Readings with an earlier effective time are quarantined: their device's clock was reset.",
            text -> {
                try {
                    return Instant.parse(text);
                } catch (DateTimeParseException e) {
                    throw new IllegalArgumentException("is not an instant such as 2005-01-01T00:00:00Z", e);
                }
            });

    static final Setting<UnknownDevices> UNKNOWN_DEVICES = Setting.of(
            "lifelog.unknown.devices",
            "quarantine or accept",
            UnknownDevices.QUARANTINE.code(),
            "What becomes of readings whose device is not registered or was never assigned, in centers that do not say"
                    + " (unknown_devices in the list of centers): quarantine, or accept for trials.",
            UnknownDevices::of);
    static final Setting<Integer> PARKED_PER_DEVICE = Setting.number(
            "park.readings.per.device",
            10_000,
            0,
            1_000_000,
            "How many quarantined readings of one device, in each partition, wait for an assignment that releases them;"
                    + " what is over it stays in quarantine.");

    static final Setting<Optional<Path>> RESEARCH_KEYS = Setting.path(
            "research.keys",
            "Folder with a file <center>.yaml for each center that has research topics: the release, its keys for the"
                    + " pseudonyms of subjects and devices, and by how many weeks dates are shifted.");

    /** All of them. */
    public static final List<Setting<?>> ALL = List.of(
            KAFKA,
            REGISTRY,
            REGISTRY_USER_INFO,
            CATALOGUE,
            CENTERS,
            APPLICATION_ID,
            STATE_FOLDER,
            THREADS,
            STANDBYS,
            REPLICATION,
            COMMIT_INTERVAL,
            CACHE_MIB,
            ROCKSDB_MIB,
            FUTURE_TOLERANCE,
            EARLIEST,
            UNKNOWN_DEVICES,
            PARKED_PER_DEVICE,
            RESEARCH_KEYS);

    private StreamsSettings() {}
}
