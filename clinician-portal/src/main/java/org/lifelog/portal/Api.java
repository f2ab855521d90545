package org.lifelog.portal;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;

/** The calls of the API. What a subject's data is read for goes through one method, which checks and audits. */
final class Api {
    private static final String ROOT = "/api/v1";
    private static final int MAXIMUM_BODY = 4_096;
    private static final String CENTER = "center";
    private static final String SUBJECT = "subject";
    private static final String SUBJECTS_PATH = ROOT + "/centers/:" + CENTER + "/subjects";
    private static final String SUBJECT_PATH = SUBJECTS_PATH + "/:" + SUBJECT;

    private static final String FHIR_PATH = SUBJECT_PATH + "/fhir";
    private static final String ID = "id";

    private record Me(String username, String role, Instant expires, List<CenterView> centers) {}

    private record CenterList(List<CenterView> centers) {}

    /** Whose data somebody asks for. */
    private record Asked(Audit.Reader reader, Center center, String subject) {}

    /** Subject data that is about to be read: whose, and what is held of it. */
    private record Whom(Center center, String subject, List<HeldSeries> held) {}

    /** Reads a subject's data, after the parameters were checked. */
    private interface SubjectRead {
        Object read(Connection connection, Whom whom) throws SQLException;
    }

    /** Checks the parameters of a call. */
    private interface SubjectCall {
        SubjectRead check(Parameters parameters);
    }

    private final Centers centers;
    private final Catalogue catalogue;
    private final Credentials credentials;
    private final LoginCall login;
    private final Database database;
    private final WorklistSnapshots snapshots;
    private final Workers workers;
    private final Answers answers;
    private final Clock clock;

    Api(
            Centers centers,
            Catalogue catalogue,
            Credentials credentials,
            LoginCall login,
            Database database,
            WorklistSnapshots snapshots,
            Workers workers,
            Answers answers,
            Clock clock) {
        this.centers = centers;
        this.catalogue = catalogue;
        this.credentials = credentials;
        this.login = login;
        this.database = database;
        this.snapshots = snapshots;
        this.workers = workers;
        this.answers = answers;
        this.clock = clock;
    }

    void mount(Router router) {
        router.post(ROOT + "/login").handler(BodyHandler.create(false).setBodyLimit(MAXIMUM_BODY));
        route(router, HttpMethod.POST, ROOT + "/login", login::handle);
        route(router, HttpMethod.POST, ROOT + "/logout", this::logout);
        route(router, HttpMethod.GET, ROOT + "/me", this::me);
        route(router, HttpMethod.GET, ROOT + "/centers", this::centers);
        route(router, HttpMethod.GET, SUBJECTS_PATH, this::worklist);
        subject(
                router,
                "",
                "summary",
                List.of(),
                parameters -> (connection, whom) ->
                        SubjectSummary.read(connection, catalogue, whom.center().code(), whom.subject(), whom.held()));
        subject(router, "/series", "series", TrendQuery.PARAMETERS, parameters -> {
            TrendQuery query = TrendQuery.of(parameters, catalogue);
            return (connection, whom) -> query.read(connection, whom.held(), clock.instant());
        });
        subject(router, "/glucose", "glucose", GlucoseQuery.PARAMETERS, parameters -> {
            GlucoseQuery query = GlucoseQuery.of(parameters, catalogue);
            return (connection, whom) ->
                    query.read(connection, whom.held(), whom.center().zone(), clock.instant());
        });
        subject(router, "/quality", "quality", QualityQuery.PARAMETERS, parameters -> {
            QualityQuery query = QualityQuery.of(parameters);
            return (connection, whom) ->
                    query.read(connection, whom.center().code(), whom.subject(), whom.held(), clock.instant());
        });
        subject(router, "/blood-pressure", "blood-pressure", BloodPressureQuery.PARAMETERS, parameters -> {
            BloodPressureQuery query = BloodPressureQuery.of(parameters);
            return (connection, whom) ->
                    query.read(connection, whom.held(), whom.center().zone(), clock.instant());
        });
        subject(router, "/sleep", "sleep", SleepQuery.PARAMETERS, parameters -> {
            SleepQuery query = SleepQuery.of(parameters);
            return (connection, whom) ->
                    query.read(connection, whom.held(), whom.center().zone(), clock.instant());
        });
        subject(router, "/audiogram", "audiogram", AudiogramQuery.PARAMETERS, parameters -> {
            AudiogramQuery query = AudiogramQuery.of(parameters);
            return (connection, whom) ->
                    query.read(connection, whom.held(), whom.center().zone(), clock.instant());
        });
        route(router, HttpMethod.GET, FHIR_PATH + "/metadata", this::fhirMetadata);
        route(router, HttpMethod.GET, FHIR_PATH + "/Observation", this::fhirSearch);
        route(router, HttpMethod.GET, FHIR_PATH + "/Observation/:" + ID, this::fhirRead);
    }

    private static void route(Router router, HttpMethod method, String path, Consumer<RoutingContext> handler) {
        router.route(method, path).handler(call -> {
            call.put(RequestMetrics.ROUTE, path);
            handler.accept(call);
        });
    }

    private void subject(Router router, String path, String action, List<String> known, SubjectCall subjectCall) {
        route(router, HttpMethod.GET, SUBJECT_PATH + path, call -> {
            Asked asked = asked(call);
            Parameters parameters = new Parameters(call.queryParams(), known);
            read(call, asked, action, parameters.description(), subjectCall.check(parameters), answers::ok);
        });
    }

    /** Whose data a call asks for, if they are of the reader's center. */
    private Asked asked(RoutingContext call) {
        Audit.Reader reader = reader(call);
        Center center = center(call, reader);
        String subject = call.pathParam(SUBJECT);
        if (!Parameters.printable(subject)) {
            throw RefusedException.notFound();
        }
        return new Asked(reader, center, subject);
    }

    /** Reads a subject's data and audits that, in one transaction. */
    private void read(
            RoutingContext call,
            Asked asked,
            String action,
            String description,
            SubjectRead read,
            BiConsumer<RoutingContext, Answers.Encoded> ok) {
        Database.Work<?> work = connection -> {
            List<HeldSeries> held = HeldSeries.of(connection, asked.center().code(), asked.subject());
            if (held.isEmpty()) {
                throw RefusedException.notFound();
            }
            Audit.write(connection, asked.reader(), List.of(asked.subject()), action, description);
            return read.read(connection, new Whom(asked.center(), asked.subject(), held));
        };
        answer(call, work, ok);
    }

    private void fhirMetadata(RoutingContext call) {
        asked(call);
        answers.fhir(call, answers.encode(FhirAnswer.capabilities(fhirBase(call))));
    }

    private void fhirSearch(RoutingContext call) {
        Asked asked = asked(call);
        MultiMap given = call.queryParams();
        FhirSearch search = FhirSearch.of(given, asked.center().zone());
        String base = fhirBase(call);
        Map<String, List<String>> parameters = FhirSearch.asked(given);
        SubjectRead read = (connection, whom) -> FhirAnswer.bundle(
                base,
                parameters,
                search,
                search.read(connection, catalogue, whom.held()),
                catalogue,
                whom.center(),
                whom.subject());
        read(call, asked, "fhir", FhirSearch.description(parameters), read, answers::fhir);
    }

    private void fhirRead(RoutingContext call) {
        Asked asked = asked(call);
        FhirObservation.Key key = FhirObservation.Key.of(call.pathParam(ID)).orElseThrow(RefusedException::notFound);
        SubjectRead read = (connection, whom) -> FhirSearch.of(key).read(connection, catalogue, whom.held()).stream()
                .filter(observation -> observation.key().equals(key))
                .findFirst()
                .orElseThrow(RefusedException::notFound)
                .resource(catalogue, whom.center(), whom.subject());
        read(call, asked, "fhir", "id=" + key.id(), read, answers::fhir);
    }

    /** Where the subject's FHIR is, as the caller sees it. */
    private static String fhirBase(RoutingContext call) {
        String address = call.request().absoluteURI();
        int query = address.indexOf('?');
        String path = query < 0 ? address : address.substring(0, query);
        return path.substring(0, path.lastIndexOf("/fhir/") + "/fhir".length());
    }

    private void worklist(RoutingContext call) {
        Audit.Reader reader = reader(call);
        Center center = center(call, reader);
        Parameters parameters = new Parameters(call.queryParams(), WorklistQuery.PARAMETERS);
        WorklistQuery query = WorklistQuery.of(parameters);
        workers.run(() -> {
                    // Before the transaction: it may have to be read by one of its own.
                    WorklistSnapshot snapshot = snapshots.of(center);
                    return answers.encode(database.inTransaction(
                            connection -> query.read(connection, reader, center, snapshot, parameters.description())));
                })
                .onSuccess(body -> answers.ok(call, body))
                .onFailure(cause -> answers.failed(call, cause));
    }

    private void logout(RoutingContext call) {
        credentials.end(call.request());
        call.response()
                .setStatusCode(204)
                .putHeader("Cache-Control", "no-store")
                // The next one at this computer finds nothing of what was read in the browser's cache.
                .putHeader("Clear-Site-Data", "\"cache\"")
                .end();
    }

    private void me(RoutingContext call) {
        Session session = credentials.require(call.request());
        answers.once(call, new Me(session.username(), session.role(), session.expires(), visible(session)));
    }

    private void centers(RoutingContext call) {
        answers.ok(call, answers.encode(new CenterList(visible(credentials.require(call.request())))));
    }

    private List<CenterView> visible(Session session) {
        return centers.center(session.center()).stream()
                .map(center -> CenterView.of(center, catalogue))
                .toList();
    }

    private Audit.Reader reader(RoutingContext call) {
        Session session = credentials.require(call.request());
        return new Audit.Reader(session, call.request().remoteAddress().hostAddress());
    }

    /** The center of the path, if it is the reader's. */
    private Center center(RoutingContext call, Audit.Reader reader) {
        return centers.center(call.pathParam(CENTER))
                .filter(center -> center.code().equals(reader.session().center()))
                .orElseThrow(RefusedException::notFound);
    }

    private void answer(RoutingContext call, Database.Work<?> work, BiConsumer<RoutingContext, Answers.Encoded> ok) {
        workers.run(() -> answers.encode(database.inTransaction(work)))
                .onSuccess(body -> ok.accept(call, body))
                .onFailure(cause -> answers.failed(call, cause));
    }
}
