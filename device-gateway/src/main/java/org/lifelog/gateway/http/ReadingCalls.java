package org.lifelog.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;
import org.lifelog.gateway.accept.Acceptor;
import org.lifelog.gateway.accept.Lane;
import org.lifelog.gateway.accept.Memory;
import org.lifelog.gateway.accept.Message;
import org.lifelog.gateway.accept.Protocol;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.accept.TraceContext;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Format;
import org.lifelog.gateway.format.Lines;
import org.lifelog.gateway.format.ReadingDecoder;

/** {@code POST /v1/centers/{center}/readings}. */
public final class ReadingCalls {
    private static final String LINES = "application/x-ndjson";

    private final Acceptor acceptor;
    private final Memory memory;
    private final ReadingDecoder decoder;
    private final Admission admission;

    public ReadingCalls(Acceptor acceptor, Memory memory, ReadingDecoder decoder) {
        this.acceptor = acceptor;
        this.memory = memory;
        this.decoder = decoder;
        this.admission = new Admission(acceptor);
    }

    void addTo(Router router, VendorCheck vendorCheck) {
        router.post("/v1/centers/:center/readings").handler(vendorCheck).handler(this::accept);
    }

    private void accept(RoutingContext context) {
        String type = mediaType(context);
        if (!type.equals(LINES) && !type.equals(Answers.JSON)) {
            throw new Refusal(
                    Failure.UNSUPPORTED_MEDIA_TYPE,
                    "The content type is " + Answers.JSON + " or " + LINES + ", in UTF-8.");
        }
        Encoding encoding = Encoding.of(context.request().getHeader(HttpHeaders.CONTENT_ENCODING));
        admission
                .of(context)
                .compose(admitted -> type.equals(LINES) && encoding == Encoding.IDENTITY
                        ? inPieces(context)
                        : whole(context, encoding.of(type.equals(LINES) ? lines().lastPart() : decoder.json())))
                .onSuccess(receipt -> Answers.json(context, receipt.status(), receipt.toJson()))
                .onFailure(context::fail);
    }

    private Lines lines() {
        return new Lines(decoder.json());
    }

    private Future<Receipt> inPieces(RoutingContext context) {
        Lane lane = new Lane();
        TraceContext trace = trace(context);
        return LineUpload.take(
                context,
                memory,
                lines(),
                (part, format) -> acceptor.accept(message(context, part, format, lane, trace)));
    }

    private Future<Receipt> whole(RoutingContext context, Format format) {
        return Upload.whole(context, memory)
                .compose(body -> acceptor.accept(message(context, body, format, new Lane(), trace(context))));
    }

    private static TraceContext trace(RoutingContext context) {
        return TraceContext.of(Optional.ofNullable(context.request().getHeader(TraceContext.HEADER)));
    }

    private static Message message(RoutingContext context, byte[] body, Format format, Lane lane, TraceContext trace) {
        return new Message(
                context.get(VendorCheck.SENDER),
                body,
                format,
                Optional.empty(),
                Optional.empty(),
                Protocol.HTTP,
                lane,
                trace);
    }

    /** The media type of the body without its parameters; JSON where none is given. */
    static String mediaType(RoutingContext context) {
        return Optional.ofNullable(context.request().getHeader(HttpHeaders.CONTENT_TYPE))
                .map(header -> header.split(";")[0].trim().toLowerCase(Locale.ROOT))
                .orElse(Answers.JSON);
    }
}
