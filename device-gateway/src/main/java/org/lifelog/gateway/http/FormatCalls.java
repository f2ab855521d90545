package org.lifelog.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
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
import org.lifelog.gateway.format.Answer;
import org.lifelog.gateway.format.Exchange;
import org.lifelog.gateway.format.Format;
import org.lifelog.gateway.format.fhir.FhirFormat;
import org.lifelog.gateway.format.nightscout.NightscoutFormat;
import org.lifelog.gateway.format.openmhealth.OpenMHealthFormat;

/** The calls that take readings in vendors' forms: FHIR, Open mHealth, and uploaders of Nightscout. */
public final class FormatCalls {
    private static final String NIGHTSCOUT = "/v1/centers/:center/subjects/:subject/nightscout/api/v1/";

    private final Acceptor acceptor;
    private final Memory memory;
    private final FhirFormat fhir;
    private final OpenMHealthFormat openMHealth;
    private final NightscoutFormat nightscout;
    private final Admission admission;

    public FormatCalls(
            Acceptor acceptor,
            Memory memory,
            FhirFormat fhir,
            OpenMHealthFormat openMHealth,
            NightscoutFormat nightscout) {
        this.acceptor = acceptor;
        this.memory = memory;
        this.fhir = fhir;
        this.openMHealth = openMHealth;
        this.nightscout = nightscout;
        this.admission = new Admission(acceptor);
    }

    void addTo(Router router, VendorCheck vendorCheck) {
        router.post("/v1/centers/:center/fhir").handler(vendorCheck).handler(context -> {
            Exchange exchange = fhir.exchange();
            // HAPI takes its time, even for one Observation.
            exchange(context, List.of(FhirFormat.TYPE, Answers.JSON), exchange, Lane.ofWorkers(), Optional.empty());
        });
        router.post("/v1/centers/:center/openmhealth").handler(vendorCheck).handler(context -> {
            Format format = openMHealth.of(context.queryParam("schema").stream().findFirst());
            Optional<String> subject = context.queryParam("subject").stream().findFirst();
            Optional<String> device = context.queryParam("device").stream().findFirst();
            take(context, List.of(Answers.JSON), format, new Lane(), subject, device)
                    .onSuccess(receipt -> Answers.json(context, receipt.status(), receipt.toJson()))
                    .onFailure(context::fail);
        });
        for (String path : List.of("entries", "entries.json")) {
            router.post(NIGHTSCOUT + path).handler(vendorCheck).handler(context -> {
                Optional<String> subject = Optional.of(context.pathParam("subject"));
                exchange(context, List.of(Answers.JSON), nightscout.exchange(), new Lane(), subject);
            });
        }
        // Uploaders ask whether they have reached a Nightscout server before they send.
        router.get(NIGHTSCOUT + "status.json").handler(vendorCheck).handler(context -> {
            context.request().resume();
            Answers.json(
                    context,
                    200,
                    new JsonObject().put("status", "ok").put("name", "lifelog").put("apiEnabled", true));
        });
    }

    private void exchange(
            RoutingContext context, List<String> types, Exchange exchange, Lane lane, Optional<String> subject) {
        take(context, types, exchange, lane, subject, Optional.empty())
                .onSuccess(receipt -> answer(context, exchange.answer(receipt)))
                .onFailure(error -> {
                    if (error instanceof Refusal refusal) {
                        Answers.prepare(context.response(), refusal);
                        answer(context, exchange.answer(refusal));
                    } else {
                        context.fail(error);
                    }
                });
    }

    private static void answer(RoutingContext context, Answer answer) {
        Answers.send(context, answer.status(), answer.type(), Buffer.buffer(answer.body()));
    }

    private Future<Receipt> take(
            RoutingContext context,
            List<String> types,
            Format format,
            Lane lane,
            Optional<String> subject,
            Optional<String> device) {
        if (!types.contains(ReadingCalls.mediaType(context))) {
            context.request().resume();
            return Future.failedFuture(new Refusal(
                    Failure.UNSUPPORTED_MEDIA_TYPE, "The content type is " + String.join(" or ", types) + "."));
        }
        Format plain;
        try {
            plain = Encoding.of(context.request().getHeader(HttpHeaders.CONTENT_ENCODING))
                    .of(format);
        } catch (Refusal e) {
            context.request().resume();
            return Future.failedFuture(e);
        }
        TraceContext trace =
                TraceContext.of(Optional.ofNullable(context.request().getHeader(TraceContext.HEADER)));
        return admission
                .of(context)
                .compose(admitted -> Upload.whole(context, memory))
                .compose(body -> acceptor.accept(new Message(
                        context.get(VendorCheck.SENDER), body, plain, device, subject, Protocol.HTTP, lane, trace)));
    }
}
