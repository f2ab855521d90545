package org.lifelog.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiFunction;
import org.lifelog.gateway.accept.Memory;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.format.Format;
import org.lifelog.gateway.format.Lines;

/**
 * NDJSON as it comes: the lines that are there go to Kafka while the next ones are still on their way. One part is under
 * way at a time, so a sender that is faster than Kafka is held back.
 */
final class LineUpload implements Upload.Pieces {
    private static final int MOST_WAITING_BYTES = 128 << 10;

    private final RoutingContext context;
    private final Lines lines;
    private final BiFunction<byte[], Format, Future<Receipt>> accept;
    private final Promise<Receipt> done = Promise.promise();
    private Receipt receipt = Receipt.EMPTY;
    private Buffer waiting = Buffer.buffer();
    private boolean busy;
    private boolean ended;

    private LineUpload(RoutingContext context, Lines lines, BiFunction<byte[], Format, Future<Receipt>> accept) {
        this.context = context;
        this.lines = lines;
        this.accept = accept;
    }

    /**
     * Takes all lines.
     *
     * @param accept takes one part
     * @return the receipt for all of them; fails with a {@link org.lifelog.gateway.failure.Refusal} where a part is
     *     refused as a whole, when the parts before it may have been taken: to send all again is safe
     */
    static Future<Receipt> take(
            RoutingContext context, Memory memory, Lines lines, BiFunction<byte[], Format, Future<Receipt>> accept) {
        LineUpload upload = new LineUpload(context, lines, accept);
        Upload.inPieces(context, memory, upload.done, upload);
        return upload.done.future();
    }

    @Override
    public void piece(Buffer piece) {
        waiting.appendBuffer(piece);
        if (busy && waiting.length() >= MOST_WAITING_BYTES) {
            context.request().pause();
        } else if (!busy) {
            next();
        }
    }

    @Override
    public void end() {
        ended = true;
        if (!busy) {
            next();
        }
    }

    private void next() {
        boolean last = ended;
        byte[] part = waiting.getBytes();
        waiting = Buffer.buffer();
        busy = true;
        accept.apply(part, last ? lines.lastPart() : lines.part())
                .onSuccess(taken -> {
                    busy = false;
                    receipt = receipt.plus(taken);
                    if (last) {
                        done.tryComplete(receipt);
                    } else {
                        resume();
                        if (!busy && (ended || waiting.length() > 0)) {
                            next();
                        }
                    }
                })
                .onFailure(error -> {
                    done.tryFail(error);
                    resume();
                });
    }

    /** HTTP/2 does not allow it once the body has ended. */
    private void resume() {
        if (!ended) {
            context.request().resume();
        }
    }
}
