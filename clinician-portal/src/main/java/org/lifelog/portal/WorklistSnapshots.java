package org.lifelog.portal;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.lifelog.contract.Center;

/**
 * The snapshots of the centers that are looked at. One that is quick to read is read anew by the first call that finds it
 * old, which is after a second. One that takes longer is replaced behind the calls, which go on with the old one: when it is
 * twenty times as old as it took to read, so that reading takes a twentieth of one connection's time. One that is much older
 * than that, because nobody has looked, is not shown any more: the call waits for a new one.
 */
final class WorklistSnapshots implements AutoCloseable {
    private static final int MOST_SUBJECTS = 4_000_000;
    private static final int PART_OF_TIME = 20;
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** A call that waits for one that is quicker than this is still quick. */
    private static final Duration QUICK = Duration.ofMillis(150);
    /** Whoever comes back after a while would not like to wait for one that is slower. */
    private static final Duration SLOW = Duration.ofSeconds(2);

    private static final Duration KEPT_IF_SLOW = Duration.ofMinutes(15);

    private final Database database;
    private final Clock clock;
    private final ExecutorService executor;
    private final LoadingCache<Center, WorklistSnapshot> snapshots;

    WorklistSnapshots(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        executor = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "worklist-snapshots");
            thread.setDaemon(true);
            return thread;
        });
        snapshots = Caffeine.newBuilder()
                .maximumWeight(MOST_SUBJECTS)
                .weigher((Center center, WorklistSnapshot snapshot) -> snapshot.size() + 1)
                .expireAfter(Expiry.<Center, WorklistSnapshot>writing((center, snapshot) -> left(snapshot)))
                .refreshAfterWrite(SECOND)
                .executor(executor)
                .build(new CacheLoader<>() {
                    @Override
                    public WorklistSnapshot load(Center center) {
                        return read(center);
                    }

                    @Override
                    public WorklistSnapshot reload(Center center, WorklistSnapshot old) {
                        boolean young = age(old).compareTo(old.cost().multipliedBy(PART_OF_TIME)) < 0;
                        return young ? old : read(center);
                    }
                });
    }

    /**
     * The snapshot of a center, which is read on the caller's thread where there is none.
     *
     * @throws RefusedException where the database is away
     */
    WorklistSnapshot of(Center center) {
        return snapshots.get(center);
    }

    private WorklistSnapshot read(Center center) {
        return database.inTransaction(connection -> WorklistSnapshotQuery.read(connection, center, clock.instant()));
    }

    private Duration age(WorklistSnapshot snapshot) {
        return Duration.between(snapshot.asOf(), clock.instant());
    }

    private Duration left(WorklistSnapshot snapshot) {
        Duration left = kept(snapshot.cost()).minus(age(snapshot));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * How old a snapshot may be that is still shown.
     *
     * @param cost how long it took to read
     */
    static Duration kept(Duration cost) {
        if (cost.compareTo(QUICK) < 0) {
            return longer(SECOND, cost.multipliedBy(4));
        }
        Duration twice = cost.multipliedBy(2 * PART_OF_TIME);
        return cost.compareTo(SLOW) < 0 ? twice : longer(KEPT_IF_SLOW, twice);
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    /** Stops reading. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
