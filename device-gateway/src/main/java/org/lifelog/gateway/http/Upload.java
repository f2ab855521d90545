package org.lifelog.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.lifelog.gateway.accept.Memory;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/**
 * The body of a request, which has been paused until now. Every byte is taken from the memory before it is kept, and
 * given back when the request has been answered; a body is at most {@link #MOST_BYTES} long.
 */
final class Upload {
    /** Most bytes of a body as it is sent. */
    static final int MOST_BYTES = 1 << 20;

    private final RoutingContext context;
    private final HttpServerRequest request;
    private final Memory memory;
    private final Promise<?> end;
    private int received;
    private int kept;

    private Upload(RoutingContext context, Memory memory, Promise<?> end) {
        this.context = context;
        this.request = context.request();
        this.memory = memory;
        this.end = end;
    }

    /** What is done with each piece of a body, and at its end. */
    interface Pieces {
        void piece(Buffer piece);

        void end();
    }

    /**
     * Collects the whole body.
     *
     * @return fails with a {@link Refusal}: too-large, unavailable where no memory is left, or malformed where the sender
     *     breaks off
     */
    static Future<byte[]> whole(RoutingContext context, Memory memory) {
        Promise<byte[]> done = Promise.promise();
        Buffer body = Buffer.buffer();
        new Upload(context, memory, done).read(new Pieces() {
            @Override
            public void piece(Buffer piece) {
                body.appendBuffer(piece);
            }

            @Override
            public void end() {
                done.tryComplete(body.getBytes());
            }
        });
        return done.future();
    }

    /**
     * Hands on the body piece by piece; the pieces may pause the request.
     *
     * @param end is failed as {@link #whole} says
     */
    static void inPieces(RoutingContext context, Memory memory, Promise<?> end, Pieces pieces) {
        new Upload(context, memory, end).read(pieces);
    }

    private void read(Pieces pieces) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && (length.length() > 9 || Long.parseLong(length) > MOST_BYTES)) {
            fail(tooLarge());
            return;
        }
        context.addEndHandler(answered -> memory.give(kept));
        request.handler(piece -> take(piece, pieces));
        request.exceptionHandler(error -> fail(new Refusal(Failure.MALFORMED, "The body breaks off.", error)));
        request.endHandler(over -> {
            if (!end.future().isComplete()) {
                pieces.end();
            }
        });
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            context.response().writeContinue();
        }
        request.resume();
    }

    private void take(Buffer piece, Pieces pieces) {
        if (end.future().isComplete()) {
            return;
        }
        received += piece.length();
        if (received > MOST_BYTES) {
            fail(tooLarge());
        } else if (!memory.take(piece.length())) {
            fail(new Refusal(Failure.UNAVAILABLE, "The gateway is full. Send the same request again."));
        } else {
            kept += piece.length();
            pieces.piece(piece);
        }
    }

    private void fail(Refusal refusal) {
        end.tryFail(refusal);
        // What is still to come is thrown away, so that the sender gets to read the answer.
        if (!request.isEnded()) {
            request.resume();
        }
    }

    private static Refusal tooLarge() {
        return new Refusal(Failure.TOO_LARGE, "The body is larger than 1 MiB. Send smaller batches, or gzip.");
    }
}
