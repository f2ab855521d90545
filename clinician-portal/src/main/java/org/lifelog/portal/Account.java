package org.lifelog.portal;

/**
 * A local account.
 *
 * @param username whom the audit names
 * @param center code of the one center whose subjects it may see
 * @param role {@code clinician}
 * @param hash of the password, as {@link org.lifelog.runtime.Passwords#hash} makes it
 */
public record Account(String username, String center, String role, String hash) {
    /** Leaves the hash out. */
    @Override
    public String toString() {
        return "Account[" + username + ", " + center + ", " + role + "]";
    }
}
