package org.lifelog.gateway.accept;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** The memory for messages that are not yet in Kafka: one bound for the process, of both protocols and all centers. */
public final class Memory {
    private final long mostBytes;
    private final AtomicLong taken = new AtomicLong();

    /**
     * A bound.
     *
     * @param mostBytes the most that is taken at a time
     */
    public Memory(long mostBytes, MeterRegistry meters) {
        this.mostBytes = mostBytes;
        meters.gauge("lifelog.gateway.bytes.underway", taken);
    }

    /** Takes a part of it, which must be given back once; false where so much is not left. */
    public boolean take(long bytes) {
        if (taken.addAndGet(bytes) > mostBytes) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Gives back what was taken. */
    public void give(long bytes) {
        taken.addAndGet(-bytes);
    }
}
