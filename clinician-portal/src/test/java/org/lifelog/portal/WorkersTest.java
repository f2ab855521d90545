package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatDoesNotFitTheQueueIsRefusedAtOnce() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (Workers workers = new Workers(vertx, metrics, "test", 1, 1)) {
            Future<Boolean> running = workers.run(() -> held.await(30, TimeUnit.SECONDS));
            Future<String> waiting = workers.run(() -> "done");
            Future<String> refused = workers.run(() -> "never");

            assertThat(refused.failed()).isTrue();
            assertThat(refused.cause()).isInstanceOfSatisfying(RefusedException.class, refusal -> {
                assertThat(refusal.failure()).isEqualTo(Failure.UNAVAILABLE);
                assertThat(refusal.retryAfter()).isPresent();
            });
            assertThat(metrics.get("lifelog.portal.workers.refused").counter().count())
                    .isEqualTo(1);
            held.countDown();
            assertThat(get(running)).isTrue();
            assertThat(get(waiting)).isEqualTo("done");
        }
    }

    @Test
    void completesOnTheCallersEventLoop() throws Exception {
        try (Workers workers = new Workers(vertx, metrics, "test", 1, 1)) {
            Context loop = vertx.getOrCreateContext();
            CompletableFuture<Context> seen = new CompletableFuture<>();
            loop.runOnContext(ignored -> workers.run(() -> 1).onSuccess(one -> seen.complete(Vertx.currentContext())));

            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(loop);
        }
    }

    @Test
    void failsWithWhatTheWorkThrows() {
        try (Workers workers = new Workers(vertx, metrics, "test", 1, 1)) {
            assertThatThrownBy(() -> get(workers.run(() -> {
                        throw new IllegalStateException("why");
                    })))
                    .hasRootCauseMessage("why");
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
