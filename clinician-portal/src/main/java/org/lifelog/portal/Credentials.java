package org.lifelog.portal;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How a session's token comes and goes: as a Bearer header, or as a cookie that scripts cannot read. */
final class Credentials {
    private static final String COOKIE = "lifelog_session";
    private static final String COOKIE_PATH = "/api/v1";
    private static final String BEARER = "Bearer ";
    /** A page of another origin cannot set it without asking first, and is refused then. */
    private static final String PAGE_HEADER = "X-Requested-With";

    private final Sessions sessions;
    private final boolean secure;

    Credentials(Sessions sessions, boolean secure) {
        this.sessions = sessions;
        this.secure = secure;
    }

    /**
     * Who is calling.
     *
     * @throws RefusedException as {@link Failure#UNAUTHENTICATED}
     */
    Session require(HttpServerRequest request) {
        return token(request)
                .flatMap(sessions::session)
                .orElseThrow(() -> RefusedException.of(
                        Failure.UNAUTHENTICATED, "Log in with POST /api/v1/login; the session may have ended."));
    }

    /**
     * Ends the session, if there is one.
     *
     * @throws RefusedException as {@link Failure#FORBIDDEN} where another page may have sent the cookie
     */
    void end(HttpServerRequest request) {
        boolean byCookie = bearer(request).isEmpty() && cookie(request).isPresent();
        if (byCookie && request.getHeader(PAGE_HEADER) == null && !isSameOrigin(request)) {
            throw RefusedException.of(
                    Failure.FORBIDDEN,
                    "With the cookie, send the header " + PAGE_HEADER + " or an Origin that is this portal.");
        }
        token(request).ifPresent(sessions::end);
        set(request, "", Duration.ZERO);
    }

    /** Gives the token to the browser. */
    void set(HttpServerRequest request, String token, Duration duration) {
        request.response()
                .addCookie(Cookie.cookie(COOKIE, token)
                        .setPath(COOKIE_PATH)
                        .setHttpOnly(true)
                        .setSecure(secure)
                        .setSameSite(CookieSameSite.STRICT)
                        .setMaxAge(duration.toSeconds()));
    }

    private static Optional<String> token(HttpServerRequest request) {
        return bearer(request).or(() -> cookie(request));
    }

    private static Optional<String> bearer(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()).trim());
    }

    private static Optional<String> cookie(HttpServerRequest request) {
        return Optional.ofNullable(request.getCookie(COOKIE)).map(Cookie::getValue);
    }

    private static boolean isSameOrigin(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.ORIGIN);
        HostAndPort own = request.authority();
        try {
            URI origin = URI.create(header == null ? "" : header);
            return own != null && own.host().equals(origin.getHost()) && own.port() == origin.getPort();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
