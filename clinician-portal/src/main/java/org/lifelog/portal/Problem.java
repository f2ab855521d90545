package org.lifelog.portal;

/**
 * The wire form of a failure: {@code application/problem+json} of RFC 9457 with a stable code.
 *
 * @param type a URN made of the code
 * @param title what kind of failure this is
 * @param status HTTP status
 * @param code as in {@link Failure}
 * @param detail what is wrong in this case, and what to do; never a value or a subject code
 */
public record Problem(String type, String title, int status, String code, String detail) {
    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(Failure failure, String detail) {
        return new Problem(
                "urn:lifelog:problem:" + failure.code(), failure.title(), failure.status(), failure.code(), detail);
    }
}
