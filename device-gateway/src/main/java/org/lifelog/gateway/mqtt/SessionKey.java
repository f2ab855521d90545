package org.lifelog.gateway.mqtt;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Whose session it is. As a key of Kafka it is {@code username/clientId} with both parts percent-encoded, so that no
 * client identifier can reach into the sessions of another vendor.
 *
 * @param username name of the credential
 * @param clientId client identifier, as the client gave it
 */
record SessionKey(String username, String clientId) {
    /**
     * Reads a key of the topic.
     *
     * @throws IllegalArgumentException where it is none
     */
    static SessionKey parse(String key) {
        String[] parts = key.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("This is no key of a session.");
        }
        return new SessionKey(
                URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return URLEncoder.encode(username, StandardCharsets.UTF_8) + "/"
                + URLEncoder.encode(clientId, StandardCharsets.UTF_8);
    }
}
