package org.lifelog.gateway.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.URL;
import java.text.ParseException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lifelog.contract.Centers;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/**
 * Checks JSON Web Tokens (RFC 7519) against the keys that the issuer publishes as a JWK Set (RFC 7517). The keys are
 * cached for some minutes; a token under a key that is not known yet has them fetched again, twice a minute at most, so
 * that the issuer can change keys at any time.
 */
public final class Tokens {
    /** Signatures by a key pair. Symmetric ones would make each who can check a token able to issue one. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int MOST_BYTES = 256 << 10;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final String centersClaim;
    private final Centers centers;

    /**
     * Checks tokens of one issuer.
     *
     * @param keys address of the JWK Set
     * @param issuer what {@code iss} must be
     * @param audience what {@code aud} must have
     * @param centersClaim the claim with the codes of the centers: an array, or a text with spaces between them
     */
    public Tokens(URL keys, String issuer, String audience, String centersClaim, Centers centers) {
        this.centersClaim = centersClaim;
        this.centers = centers;
        JWKSource<SecurityContext> source = JWKSourceBuilder.create(
                        keys, new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MOST_BYTES))
                .retrying(true)
                .build();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, source));
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("sub", "exp", centersClaim)));
    }

    /** Whether a password is a token: many MQTT clients can send no other way. */
    static boolean looksLikeToken(String password) {
        return password.startsWith("eyJ")
                && password.chars().filter(c -> c == '.').count() == 2;
    }

    /**
     * The credential that a token gives. May fetch keys, so never on an event loop.
     *
     * @throws Refusal unauthenticated, or unavailable where the issuer's keys cannot be had
     */
    public Credential verify(String token) {
        try {
            JWTClaimsSet claims = processor.process(token, null);
            Set<String> allowed = new HashSet<>(centers(claims));
            allowed.removeIf(code -> centers.center(code).isEmpty());
            if (claims.getSubject().isBlank() || allowed.isEmpty()) {
                throw new Refusal(
                        Failure.UNAUTHENTICATED,
                        "The token names no vendor, or no center in claim " + centersClaim + ".");
            }
            return new Credential(
                    claims.getSubject(),
                    Set.copyOf(allowed),
                    Optional.of(claims.getExpirationTime().toInstant()));
        } catch (RateLimitReachedException e) {
            throw notGood(e);
        } catch (KeySourceException e) {
            throw new Refusal(
                    Failure.UNAVAILABLE, "The keys of the tokens' issuer cannot be had. Send the same again.", e);
        } catch (ParseException | BadJOSEException | JOSEException e) {
            throw notGood(e);
        }
    }

    private static Refusal notGood(Exception e) {
        return new Refusal(
                Failure.UNAUTHENTICATED,
                "The token is not of this issuer and audience, has expired, or is not signed with a known key.",
                e);
    }

    private Collection<String> centers(JWTClaimsSet claims) throws ParseException {
        return claims.getClaim(centersClaim) instanceof String text
                ? List.of(text.trim().split("\\s+"))
                : claims.getStringListClaim(centersClaim);
    }
}
