package org.lifelog.gateway.format;

import org.lifelog.gateway.failure.Refusal;

/** A form in which vendors send readings. */
public interface Format {
    /**
     * Decodes a message, item by item: what is wrong with one reading does not touch the others.
     *
     * @param body its bytes, not compressed
     * @throws Refusal malformed, empty or too large as a whole
     */
    Decoded decode(byte[] body, Origin origin);
}
