package org.lifelog.local;

import java.util.List;

/** Sends readings to the gateway by one of its protocols, and again until they are acknowledged. */
public interface ReadingSender extends AutoCloseable {
    /**
     * What the gateway said of a batch.
     *
     * @param accepted number of readings that it accepted; over MQTT all that it acknowledged
     * @param problems what it refused
     */
    record Outcome(int accepted, List<Problem> problems) {}

    /** A reading that the gateway refused. */
    record Problem(Outgoing reading, String code, String detail) {}

    /**
     * Sends a batch and waits for its acknowledgement.
     *
     * @throws UserException where the gateway refuses it as a whole, or does not answer for five minutes
     * @throws InterruptedException where the thread is interrupted meanwhile
     */
    Outcome send(List<Outgoing> batch) throws InterruptedException;

    @Override
    void close();
}
