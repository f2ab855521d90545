package org.lifelog.gateway.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/**
 * Who sends.
 *
 * @param username name of the vendor's credential
 * @param centers the centers that it may send for, mostly one
 * @param expires when it ends, where it does
 */
public record Credential(String username, Set<String> centers, Optional<Instant> expires) {
    /**
     * The vendor as a sender for a center.
     *
     * @throws Refusal forbidden, where the credential is for other centers
     */
    public Sender senderFor(String center) {
        if (!centers.contains(center)) {
            throw new Refusal(Failure.FORBIDDEN, "This credential belongs to another center.");
        }
        return new Sender(center, username);
    }
}
