package org.lifelog.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

class TokensTest {
    private static final Instant LATER = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);

    private Issuer issuer;
    private Tokens tokens;

    @BeforeEach
    void start() {
        issuer = new Issuer();
        tokens = new Tokens(issuer.keys(), Issuer.NAME, "lifelog", "centers", Centers.load(Catalogue.load()));
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void aTokenIsTheCredentialOfItsCentersUntilItExpires() {
        assertThat(tokens.verify(issuer.token(claims().build())))
                .isEqualTo(new Credential("fleet", Set.of("isens", "goodoc"), Optional.of(LATER)));
        assertThat(tokens.verify(issuer.token(
                        claims().claim("centers", "isens elsewhere").build())))
                .isEqualTo(new Credential("fleet", Set.of("isens"), Optional.of(LATER)));
        assertThat(tokens.verify(issuer.token(
                                claims().audience(List.of("other", "lifelog")).build()))
                        .username())
                .isEqualTo("fleet");
    }

    @Test
    void whatIsWrongWithATokenMakesItUseless() throws JOSEException {
        refused(claims().issuer("https://elsewhere.example").build());
        refused(claims().audience("another").build());
        refused(claims().expirationTime(Date.from(Instant.now().minusSeconds(120)))
                .build());
        refused(claims().notBeforeTime(Date.from(Instant.now().plusSeconds(300)))
                .build());
        refused(claims().expirationTime(null).build());
        refused(claims().subject(null).build());
        refused(claims().claim("centers", null).build());
        refused(claims().claim("centers", List.of("elsewhere")).build());
        refused(claims().claim("centers", 7).build());
        refused("nonsense");
        refused(new PlainJWT(claims().build()).serialize());
        RSAKey foreign = new RSAKeyGenerator(2048).keyID("foreign").generate();
        refused(Issuer.token(foreign, claims().build()));
        String good = issuer.token(claims().build());
        refused(good.substring(0, good.length() - 8) + "AAAAAAAA");
    }

    @Test
    void afterAChangeOfKeysTheNewOnesAreFetched() {
        tokens.verify(issuer.token(claims().build()));
        issuer.changeKey();
        assertThat(tokens.verify(issuer.token(claims().build())).username()).isEqualTo("fleet");
    }

    @Test
    void withoutTheKeysNobodyCanTell() {
        issuer.close();
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> tokens.verify(issuer.token(claims().build())));
        assertThat(refusal.failure()).isEqualTo(Failure.UNAVAILABLE);
    }

    @Test
    void aTokenIsToldFromAPassword() {
        assertThat(Tokens.looksLikeToken(issuer.token(claims().build()))).isTrue();
        assertThat(Tokens.looksLikeToken("secret")).isFalse();
        assertThat(Tokens.looksLikeToken("eyJhbGciOiJ")).isFalse();
    }

    private void refused(JWTClaimsSet claims) {
        refused(issuer.token(claims));
    }

    private void refused(String token) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> tokens.verify(token));
        assertThat(refusal.failure()).isEqualTo(Failure.UNAUTHENTICATED);
        assertThat(refusal.getMessage()).doesNotContain("fleet");
    }

    private static JWTClaimsSet.Builder claims() {
        return Issuer.claims(LATER);
    }
}
