package org.lifelog.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

class LaneTest {
    private static final int SMALL = 1;
    private static final int LARGE = 1 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final WorkerExecutor workers = vertx.createSharedWorkerExecutor("lane-test", 2);
    private final Lane lane = new Lane();
    private final List<String> handedOver = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    @Test
    void aSmallMessageWaitsForTheLargeOneBeforeIt() throws Exception {
        run("large", LARGE, Future.succeededFuture());
        run("small", SMALL, Future.succeededFuture()).await(30, TimeUnit.SECONDS);

        assertThat(handedOver).containsExactly("large", "small");
    }

    /** Kafka may be back between two messages that were read at once. */
    @Test
    void nothingOvertakesWhatKafkaDidNotTake() {
        Refusal away = new Refusal(Failure.UNAVAILABLE, "Kafka is away.");

        assertThat(run("first", SMALL, Future.failedFuture(away)).cause()).isSameAs(away);
        assertThat(run("second", SMALL, Future.succeededFuture()).cause()).isSameAs(away);
        assertThat(handedOver).containsExactly("first");
    }

    @Test
    void nothingIsHandedOverAfterARecordThatWasNotConfirmed() {
        Promise<Void> confirmation = Promise.promise();
        Future<Void> first = run("first", SMALL, confirmation.future());
        run("second", SMALL, Future.succeededFuture());
        confirmation.fail(new Refusal(Failure.UNAVAILABLE, "Not confirmed in time."));

        assertThat(first.failed()).isTrue();
        assertThat(run("third", SMALL, Future.succeededFuture()).failed()).isTrue();
        assertThat(handedOver).containsExactly("first", "second");
    }

    @Test
    void whatWaitsForAWorkerDoesNotOvertakeEither() {
        run("large", LARGE, Future.failedFuture(new Refusal(Failure.UNAVAILABLE, "Kafka is away.")));
        Future<Void> second = run("second", LARGE, Future.succeededFuture());

        assertThat(catchThrowable(() -> second.await(30, TimeUnit.SECONDS))).isInstanceOf(Refusal.class);
        assertThat(handedOver).containsExactly("large");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNAVAILABLE")
    void aFaultOfTheMessageConcernsThatMessageOnly(Failure failure) {
        run("first", SMALL, Future.failedFuture(new Refusal(failure, "Not that one.")));

        assertThat(run("second", SMALL, Future.succeededFuture()).succeeded()).isTrue();
        assertThat(handedOver).containsExactly("first", "second");
    }

    private Future<Void> run(String name, int bytes, Future<Void> confirmation) {
        return lane.run(workers, bytes, () -> {
            handedOver.add(name);
            return confirmation;
        });
    }
}
