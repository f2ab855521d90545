package org.lifelog.portal;

import java.time.Instant;

/**
 * A clinician who is logged in.
 *
 * @param username whom the audit names
 * @param center code of the one center whose subjects may be seen
 * @param role {@code clinician}
 * @param expires when the login ends
 */
public record Session(String username, String center, String role, Instant expires) {}
