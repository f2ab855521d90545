package org.lifelog.gateway.mqtt;

/** A connection of this process as the sessions see it. */
interface Owner {
    /** Random id of the process, a slash, a number. */
    String id();

    /** Another connection of the same client has taken its place. On any thread. */
    void takenOver();
}
