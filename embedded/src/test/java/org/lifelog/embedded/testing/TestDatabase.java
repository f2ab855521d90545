package org.lifelog.embedded.testing;

/**
 * A fresh, empty database for one test class.
 *
 * @param jdbcUrl where it is
 * @param username its owner, who may also create roles; no superuser, so that row security applies to it
 * @param password the owner's
 * @param timescale whether the owner can {@code CREATE EXTENSION timescaledb}; a test that needs it begins with
 *     {@code assumeThat(database.timescale())}
 */
public record TestDatabase(String jdbcUrl, String username, String password, boolean timescale) {

    /**
     * Creates a database on the server that the tests of this JVM share: the one that {@code LIFELOG_DATABASE} names;
     * else TimescaleDB in a container where a Docker engine answers; else PostgreSQL from Maven artefacts.
     *
     * <p>Environment: {@code LIFELOG_TIMESCALEDB_IMAGE} names the container's image,
     * {@code LIFELOG_INFRASTRUCTURE=embedded} leaves Docker out, {@code LIFELOG_REQUIRE_TIMESCALEDB=true} makes it a
     * failure not to have TimescaleDB.
     *
     * @param prefix the name begins with it: lower-case letters, digits and {@code _}, at most 40 characters
     * @throws IllegalStateException if there is no server, or none with TimescaleDB although it is required
     */
    public static TestDatabase create(String prefix) {
        return DatabaseServer.shared().createDatabase(prefix);
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "TestDatabase[" + jdbcUrl + ", timescale=" + timescale + "]";
    }
}
