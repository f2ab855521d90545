package org.lifelog.portal;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What tells whether a reader has an answer already (RFC 9110, 8.8.3): a hash of its content.
 *
 * @param text with its quotes
 */
record EntityTag(String text) {
    private static final int BYTES = 16;

    static EntityTag of(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new EntityTag("\"" + HexFormat.of().formatHex(digest, 0, BYTES) + "\"");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256", e);
        }
    }

    /** Whether {@code If-None-Match} names it, alone, among others or as {@code *}; a proxy may have made it weak. */
    boolean isHeldBy(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaders.IF_NONE_MATCH).stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .map(String::trim)
                .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                .anyMatch(tag -> tag.equals("*") || tag.equals(text));
    }
}
