package org.lifelog.gateway.accept;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;

/**
 * Keeps the order of the messages of one connection, or of one request. Small messages are handled where they are, on the
 * event loop; large ones go to a worker, and then whatever comes after them waits its turn. To be used from one event
 * loop only.
 */
public final class Lane {
    /** Decoding so many bytes takes about as long as handing them to another thread. */
    private static final int SMALL_BYTES = 16 << 10;

    private final int smallBytes;
    private Future<?> handedOver = Future.succeededFuture();

    public Lane() {
        this(SMALL_BYTES);
    }

    private Lane(int smallBytes) {
        this.smallBytes = smallBytes;
    }

    /** For work that takes long however few its bytes are. */
    public static Lane ofWorkers() {
        return new Lane(-1);
    }

    /**
     * Runs work in turn.
     *
     * @param bytes how much it works on
     * @param work hands records over to Kafka, and gives the future of their confirmation
     */
    <T> Future<T> run(WorkerExecutor workers, int bytes, Callable<Future<T>> work) {
        if (bytes <= smallBytes && handedOver.isComplete()) {
            try {
                return work.call();
            } catch (Exception e) {
                return Future.failedFuture(e);
            }
        }
        Future<Future<T>> working = handedOver.transform(before -> workers.executeBlocking(work, false));
        handedOver = working;
        return working.compose(confirmed -> confirmed);
    }
}
