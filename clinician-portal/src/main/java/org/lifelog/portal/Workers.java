package org.lifelog.portal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for work that blocks, with a bounded queue: what does not fit is refused at once, so that a slow database
 * makes quick refusals and no pile of waiting requests.
 */
final class Workers implements AutoCloseable {
    private static final long CLOSE_SECONDS = 5;

    private final Vertx vertx;
    private final ThreadPoolExecutor executor;
    private final Counter refused;

    /**
     * @param name of the threads and in the metrics
     * @param threads number of pieces of work at a time
     * @param queue number of pieces that may wait
     */
    Workers(Vertx vertx, MeterRegistry metrics, String name, int threads, int queue) {
        this.vertx = vertx;
        AtomicInteger count = new AtomicInteger();
        executor =
                new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), task -> {
                    Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        refused = Counter.builder("lifelog.portal.workers.refused")
                .description("Requests that were answered with 503 because the queue was full.")
                .tag("workers", name)
                .register(metrics);
        Gauge.builder(
                        "lifelog.portal.workers.waiting",
                        executor,
                        e -> e.getQueue().size())
                .description("Requests that wait for a thread.")
                .tag("workers", name)
                .register(metrics);
    }

    /**
     * Runs work on a thread of its own and completes on the caller's event loop.
     *
     * @return fails with what the work throws, or with {@link Failure#UNAVAILABLE} where the queue is full
     */
    <T> Future<T> run(Callable<T> work) {
        Context context = vertx.getOrCreateContext();
        Promise<T> promise = Promise.promise();
        try {
            executor.execute(() -> {
                try {
                    T result = work.call();
                    context.runOnContext(ignored -> promise.complete(result));
                } catch (Exception | Error e) {
                    context.runOnContext(ignored -> promise.fail(e));
                }
            });
        } catch (RejectedExecutionException e) {
            refused.increment();
            return Future.failedFuture(RefusedException.unavailable("Too many requests wait already; try again."));
        }
        return promise.future();
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
