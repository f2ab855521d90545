package org.lifelog.gateway.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether files have changed, so that credentials and certificates are exchanged without a restart. It
 * asks for the time of the file itself, because Kubernetes exchanges a link and no watcher sees that.
 */
public final class FileWatch implements AutoCloseable {
    /** Reads files again. */
    public interface Reload {
        /** Throws what is wrong with them; then what was read before stays in use until they change again. */
        void run() throws Exception;
    }

    private record Watched(String what, List<Path> files, Reload reload, Map<Path, Object> seen) {}

    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

    private final List<Watched> watched = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "file-watch");
        thread.setDaemon(true);
        return thread;
    });

    /** Starts to look in this interval. */
    public FileWatch(Duration interval) {
        timer.scheduleWithFixedDelay(this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Watches files that belong together.
     *
     * @param what their name in the log
     */
    public synchronized void watch(String what, List<Path> files, Reload reload) {
        Map<Path, Object> seen = new HashMap<>();
        files.forEach(file -> seen.put(file, state(file)));
        watched.add(new Watched(what, files, reload, seen));
    }

    private synchronized void look() {
        for (Watched one : watched) {
            boolean changed = false;
            for (Path file : one.files()) {
                Object now = state(file);
                changed |= !now.equals(one.seen().put(file, now));
            }
            if (changed) {
                reload(one);
            }
        }
    }

    private static void reload(Watched one) {
        try {
            one.reload().run();
            LOG.info("Read {} again: {}", one.what(), one.files());
        } catch (Exception e) {
            LOG.error("Could not read {} again, and goes on with what it had: {}", one.what(), one.files(), e);
        }
    }

    private static Object state(Path file) {
        try {
            return List.of(Files.getLastModifiedTime(file), Files.size(file), file.toRealPath());
        } catch (IOException e) {
            return "missing";
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
