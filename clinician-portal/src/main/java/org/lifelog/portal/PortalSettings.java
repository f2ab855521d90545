package org.lifelog.portal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.lifelog.runtime.Setting;

/** The settings of the portal. */
public final class PortalSettings {
    /** Address to bind to. */
    public static final Setting<String> HOST = Setting.text(
            "portal.host", "127.0.0.1", "Address on which the page and its API are served; 0.0.0.0 for all.");

    /** Port to bind to. */
    public static final Setting<Integer> PORT =
            Setting.port("portal.port", 8090, "Port on which the page and its API are served; 0 takes a free one.");

    /** The database. */
    public static final Setting<String> DATABASE_URL =
            Setting.text("database.url", "jdbc:postgresql://127.0.0.1:5433/lifelog", "JDBC URL of the database.");

    /** Who the portal is to the database. */
    public static final Setting<String> DATABASE_USERNAME = Setting.text(
            "database.username", "lifelog", "Database user; needs SELECT on all tables, and INSERT on audit.");

    /** Password of the database user. */
    public static final Setting<String> DATABASE_PASSWORD =
            Setting.secret("database.password", "", "Password of the database user.");

    /** Connections to the database, and so the number of queries at a time. */
    public static final Setting<Integer> DATABASE_POOL_SIZE = Setting.number(
            "database.pool.size",
            8,
            1,
            200,
            "Connections to the database, which is the number of queries at a time; one more keeps the worklists fresh.");

    /** The local accounts. */
    public static final Setting<String> ACCOUNTS = Setting.text(
            "portal.accounts",
            "JSON file of the local accounts: {\"username\": {\"center\": \"isens\", \"role\": \"clinician\","
                    + " \"hash\": \"pbkdf2-sha256$...\"}}.");

    /** How long a login lasts. */
    public static final Setting<Duration> SESSION_DURATION = Setting.duration(
            "portal.session.duration", Duration.ofHours(8), "How long a login lasts; it is not prolonged by use.");

    /** Whether browsers send the cookie over TLS only. */
    public static final Setting<Boolean> COOKIE_SECURE = Setting.flag(
            "portal.cookie.secure",
            false,
            "Whether browsers send the session cookie over TLS only. Set true wherever clinicians reach the portal over"
                    + " TLS; false is for the trial over plain HTTP on loopback.");

    /** Another list of centers. */
    public static final Setting<Optional<Path>> CENTERS =
            Setting.path("lifelog.centers", "File with the centers, instead of the eleven that come with the service.");

    /** Another catalogue. */
    public static final Setting<Optional<Path>> CATALOGUE = Setting.path(
            "lifelog.catalogue", "Folder with metrics.csv and units.csv, instead of those that come with the service.");

    /** All of them. */
    public static final List<Setting<?>> ALL = List.of(
            HOST,
            PORT,
            DATABASE_URL,
            DATABASE_USERNAME,
            DATABASE_PASSWORD,
            DATABASE_POOL_SIZE,
            ACCOUNTS,
            SESSION_DURATION,
            COOKIE_SECURE,
            CENTERS,
            CATALOGUE);

    private PortalSettings() {}
}
