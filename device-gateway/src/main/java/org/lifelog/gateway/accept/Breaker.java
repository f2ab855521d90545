package org.lifelog.gateway.accept;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers that Kafka is away, so that a message is refused at once instead of waiting for its time-out. It opens after
 * some failures without a success in between. Only when Kafka answers the probe again do messages pass, and the first
 * of them decides.
 */
public final class Breaker {
    private enum State {
        CLOSED,
        OPEN,
        TRIAL
    }

    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);
    private static final int FAILURES = 3;

    private volatile State state = State.CLOSED;
    private volatile int failures;

    /** Whether messages may pass. */
    public boolean closed() {
        return state != State.OPEN;
    }

    /** Kafka has confirmed a record. */
    public void confirmed() {
        if (failures != 0 || state != State.CLOSED) {
            settle();
        }
    }

    private synchronized void settle() {
        failures = 0;
        if (state == State.TRIAL) {
            state = State.CLOSED;
            LOG.info("Kafka confirms records again");
        }
    }

    /** Kafka has not confirmed a record in time. */
    public synchronized void failed() {
        if (state == State.OPEN) {
            return;
        }
        failures++;
        if (state == State.TRIAL || failures >= FAILURES) {
            state = State.OPEN;
            LOG.warn("Kafka does not confirm records: messages are refused until it answers again");
        }
    }

    /** The probe has found that Kafka answers. */
    public synchronized void answers() {
        if (state == State.OPEN) {
            state = State.TRIAL;
        }
    }
}
