package org.lifelog.portal;

/** The one table of what can go wrong with a call, and how it is answered. The codes are promises. */
public enum Failure {
    /** A parameter or body that cannot be understood; the detail names it and says what to do. */
    MALFORMED(400, "malformed", "The request cannot be understood"),
    /** No session, one that has ended, or a wrong username or password. */
    UNAUTHENTICATED(401, "unauthenticated", "Not logged in"),
    /** A request that another web page may have made the browser send. */
    FORBIDDEN(403, "forbidden", "Not allowed"),
    /** No such path, center or subject, or one of another center: which of them is not told. */
    NOT_FOUND(404, "not-found", "Not found"),
    /** The path is there, with another method. */
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "Method not allowed"),
    /** The body is larger than any login. */
    TOO_LARGE(413, "too-large", "Too large"),
    /** A body that is not JSON. */
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "Unsupported media type"),
    /** Too many failed logins of one username. */
    TOO_MANY_ATTEMPTS(429, "too-many-attempts", "Too many failed logins"),
    /** A fault of ours; the log has it. */
    INTERNAL(500, "internal", "Internal error"),
    /** The database is away, or as many requests wait as may wait. */
    UNAVAILABLE(503, "unavailable", "Not available now");

    private final int status;
    private final String code;
    private final String title;

    Failure(int status, String code, String title) {
        this.status = status;
        this.code = code;
        this.title = title;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** The stable code on the wire. */
    public String code() {
        return code;
    }

    /** For people: what kind of failure this is. */
    public String title() {
        return title;
    }
}
