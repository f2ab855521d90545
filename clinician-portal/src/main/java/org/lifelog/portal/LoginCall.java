package org.lifelog.portal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** {@code POST /login}: looks at a username and a password, and gives a session. */
final class LoginCall {
    /** Longer than any name or password; bounds what the slow hash and the lockout are given. */
    private static final int MAXIMUM_LENGTH = 200;

    private static final ObjectReader BODY =
            new ObjectMapper().readerFor(Body.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private record Body(String username, String password) {}

    private record Answer(String token, Instant expires) {}

    private final Login login;
    private final Credentials credentials;
    private final Duration duration;
    private final Workers workers;
    private final Answers answers;
    private final MeterRegistry metrics;

    LoginCall(
            Login login,
            Credentials credentials,
            Duration duration,
            Workers workers,
            Answers answers,
            MeterRegistry metrics) {
        this.login = login;
        this.credentials = credentials;
        this.duration = duration;
        this.workers = workers;
        this.answers = answers;
        this.metrics = metrics;
    }

    void handle(RoutingContext call) {
        Body body = body(call);
        workers.run(() -> login.login(body.username(), body.password()))
                .onSuccess(outcome -> answer(call, outcome))
                .onFailure(cause -> answers.failed(call, cause));
    }

    private static Body body(RoutingContext call) {
        // A form of another site cannot send this type without asking first.
        String type = call.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw RefusedException.of(Failure.UNSUPPORTED_MEDIA_TYPE, "Send the login as application/json.");
        }
        Buffer bytes = call.body().buffer();
        try {
            Body body = BODY.readValue(bytes == null ? new byte[0] : bytes.getBytes());
            if (body == null || !usable(body.username()) || !usable(body.password())) {
                throw RefusedException.malformed(
                        "username and password must be texts of 1 to " + MAXIMUM_LENGTH + " characters.");
            }
            return body;
        } catch (JacksonException e) {
            // Without the parser's message, which quotes the body.
            throw RefusedException.malformed("The body must be {\"username\": \"...\", \"password\": \"...\"}.");
        } catch (IOException e) {
            throw new IllegalStateException("A body in memory cannot be read", e);
        }
    }

    private static boolean usable(String text) {
        return text != null && !text.isEmpty() && text.length() <= MAXIMUM_LENGTH;
    }

    private void answer(RoutingContext call, Login.Outcome outcome) {
        count(outcome);
        if (outcome instanceof Login.Outcome.Granted granted) {
            String token = granted.begun().token();
            credentials.set(call.request(), token, duration);
            answers.once(call, new Answer(token, granted.begun().session().expires()));
        } else if (outcome instanceof Login.Outcome.Locked locked) {
            answers.failed(
                    call,
                    RefusedException.until(
                            Failure.TOO_MANY_ATTEMPTS,
                            "Too many failed logins; try again after the time in Retry-After.",
                            locked.remaining()));
        } else {
            answers.failed(
                    call, RefusedException.of(Failure.UNAUTHENTICATED, "The username or the password is wrong."));
        }
    }

    private void count(Login.Outcome outcome) {
        metrics.counter(
                        "lifelog.portal.logins",
                        "outcome",
                        outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .increment();
    }
}
