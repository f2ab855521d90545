package org.lifelog.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Ends connections whose sender is too slow, however steadily its bytes drip: the first request must be there in 10 s, a
 * request must be answered in 90 s, and the next one must come within 75 s.
 */
final class Deadlines {
    private static final long FIRST_MILLIS = TimeUnit.SECONDS.toMillis(10);
    private static final long REQUEST_MILLIS = TimeUnit.SECONDS.toMillis(90);
    private static final long IDLE_MILLIS = TimeUnit.SECONDS.toMillis(75);

    /** Of one connection; used on its event loop only. */
    private final class Deadline {
        private final HttpConnection connection;
        private long timer;
        private int underWay;

        Deadline(HttpConnection connection) {
            this.connection = connection;
            timer = vertx.setTimer(FIRST_MILLIS, late -> connection.close());
        }

        void set(long millis) {
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(millis, late -> connection.close());
        }
    }

    private final Vertx vertx;
    private final Map<HttpConnection, Deadline> deadlines = new ConcurrentHashMap<>();

    Deadlines(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Open connections. */
    int connections() {
        return deadlines.size();
    }

    void opened(HttpConnection connection) {
        deadlines.put(connection, new Deadline(connection));
        connection.closeHandler(closed -> vertx.cancelTimer(deadlines.remove(connection).timer));
    }

    void requested(HttpServerRequest request) {
        Deadline deadline = deadlines.get(request.connection());
        if (deadline == null) {
            return;
        }
        deadline.underWay++;
        deadline.set(REQUEST_MILLIS);
        request.response().endHandler(answered -> {
            if (--deadline.underWay == 0) {
                deadline.set(IDLE_MILLIS);
            }
        });
    }
}
