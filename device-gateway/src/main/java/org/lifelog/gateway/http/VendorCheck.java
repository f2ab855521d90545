package org.lifelog.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.lifelog.contract.Centers;
import org.lifelog.gateway.access.Authenticator;
import org.lifelog.gateway.access.Credential;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/**
 * Finds out who sends and whether it may for the center in the path, before a byte of the body is read. By Basic or Bearer
 * authentication, the api-secret of Nightscout, or the client certificate of the connection.
 */
public final class VendorCheck implements Handler<RoutingContext> {
    /** Where the {@link org.lifelog.gateway.access.Sender} stands in the context. */
    static final String SENDER = "sender";
    /** Where the path of the call stands, with the names of its parameters and not their values. */
    static final String ROUTE = "route";

    private static final Pattern SHA_1 = Pattern.compile("[0-9a-fA-F]{40}");

    private static final Refusal UNAUTHENTICATED = new Refusal(
            Failure.UNAUTHENTICATED,
            "Send the vendor's username and password with HTTP Basic authentication, a token with Bearer, or a client"
                    + " certificate.");

    private final Authenticator authenticator;
    private final Centers centers;

    public VendorCheck(Authenticator authenticator, Centers centers) {
        this.authenticator = authenticator;
        this.centers = centers;
    }

    @Override
    public void handle(RoutingContext context) {
        // The body must not stream past while the slow hash is computed.
        context.request().pause();
        context.put(ROUTE, context.currentRoute().getPath());
        String center = context.pathParam("center");
        credential(context.request(), center)
                .map(credential -> {
                    if (centers.center(center).isEmpty()) {
                        throw new Refusal(Failure.NOT_FOUND, "There is no such center.");
                    }
                    return credential.senderFor(center);
                })
                .onSuccess(sender -> {
                    context.put(SENDER, sender);
                    context.next();
                })
                .onFailure(error -> {
                    context.request().resume();
                    context.fail(error);
                });
    }

    private Future<Credential> credential(HttpServerRequest request, String center) {
        String address = request.remoteAddress().host();
        String header = Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
                .orElse("");
        if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return basic(address, header.substring(6).trim());
        }
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return authenticator.token(header.substring(7).trim());
        }
        String apiSecret = request.getHeader("api-secret");
        if (header.isEmpty() && apiSecret != null) {
            return SHA_1.matcher(apiSecret).matches()
                    ? authenticator.apiSecret(address, center, apiSecret.toLowerCase(Locale.ROOT))
                    : Future.failedFuture(UNAUTHENTICATED);
        }
        return certificate(request)
                .flatMap(authenticator::certificate)
                .map(Future::succeededFuture)
                .orElse(Future.failedFuture(UNAUTHENTICATED));
    }

    private Future<Credential> basic(String address, String encoded) {
        try {
            String[] parts = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8).split(":", 2);
            return parts.length == 2
                    ? authenticator.password(address, parts[0], parts[1])
                    : Future.failedFuture(UNAUTHENTICATED);
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(UNAUTHENTICATED);
        }
    }

    private static Optional<X509Certificate> certificate(HttpServerRequest request) {
        if (!request.isSSL()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    (X509Certificate) request.connection().peerCertificates().get(0));
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }
}
