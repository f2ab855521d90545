package org.lifelog.gateway.format;

/**
 * An answer over HTTP in a vendor's form.
 *
 * @param status of HTTP
 * @param type content type
 * @param body JSON
 */
public record Answer(int status, String type, String body) {}
