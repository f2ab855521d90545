package org.lifelog.gateway.accept;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/**
 * Keeps the order of the messages of one connection, or of one request. Small messages are handled where they are, on the
 * event loop; large ones go to a worker, and then whatever comes after them waits its turn. Once one of them could not be
 * stored, none after it is: it would be in Kafka before the one that comes again. To be used from one event loop only.
 */
public final class Lane {
    /** Decoding so many bytes takes about as long as handing them to another thread. */
    private static final int SMALL_BYTES = 16 << 10;

    private final int smallBytes;
    private Future<?> handedOver = Future.succeededFuture();
    /** Why it has ended. */
    private volatile Optional<Refusal> end = Optional.empty();

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
     * @return fails as the work does, or as the work that ended the lane did
     */
    <T> Future<T> run(WorkerExecutor workers, int bytes, Callable<Future<T>> work) {
        if (bytes <= smallBytes && handedOver.isComplete()) {
            return unlessEnded(work);
        }
        Future<Future<T>> working =
                handedOver.transform(before -> workers.executeBlocking(() -> unlessEnded(work), false));
        handedOver = working;
        return working.compose(confirmed -> confirmed);
    }

    private <T> Future<T> unlessEnded(Callable<Future<T>> work) {
        if (end.isPresent()) {
            return Future.failedFuture(end.get());
        }
        try {
            return work.call().onFailure(this::failed);
        } catch (Exception e) {
            failed(e);
            return Future.failedFuture(e);
        }
    }

    /** Ends it where the message will come again; what was refused for good, or waits for its quota, does not. */
    void failed(Throwable error) {
        if (error instanceof Refusal refusal && refusal.failure() == Failure.UNAVAILABLE) {
            end = Optional.of(refusal);
        }
    }
}
