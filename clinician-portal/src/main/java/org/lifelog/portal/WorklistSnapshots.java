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
 * The snapshots of the centers that are looked at. One that is quick to read is read anew for each call that comes a second
 * later. One that takes longer stays for twenty times as long as it took, so that reading takes no more than a twentieth of
 * one connection's time, and is then replaced behind the calls, which go on with the old one; only where nobody has looked
 * for {@value #KEPT_MINUTES} minutes does a call wait for it.
 */
final class WorklistSnapshots implements AutoCloseable {
    private static final int MOST_SUBJECTS = 4_000_000;
    private static final int KEPT_MINUTES = 15;
    private static final int PART_OF_TIME = 20;
    private static final Duration QUICK = Duration.ofMillis(50);
    private static final Duration SECOND = Duration.ofSeconds(1);

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
                .expireAfter(Expiry.<Center, WorklistSnapshot>writing((center, snapshot) -> kept(snapshot)))
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

    private Duration kept(WorklistSnapshot snapshot) {
        if (snapshot.cost().compareTo(QUICK) < 0) {
            return SECOND;
        }
        Duration longest = Duration.ofMinutes(KEPT_MINUTES);
        Duration twice = snapshot.cost().multipliedBy(2 * PART_OF_TIME);
        Duration left = (twice.compareTo(longest) > 0 ? twice : longest).minus(age(snapshot));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Stops reading. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
