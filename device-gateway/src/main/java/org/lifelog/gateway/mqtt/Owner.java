package org.lifelog.gateway.mqtt;

import io.vertx.core.Future;
import java.util.List;

/** A connection of this process as the sessions see it. */
interface Owner {
    /** Random id of the process, a slash, a number. */
    String id();

    /**
     * Another connection of the same client has taken its place. On any thread.
     *
     * @return when it has ended: the packet identifiers that it has received with QoS 2 and that were not released
     */
    Future<List<Integer>> takenOver();
}
