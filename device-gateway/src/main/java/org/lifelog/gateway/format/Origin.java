package org.lifelog.gateway.format;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.lifelog.gateway.access.Sender;

/**
 * Where a message comes from, and what its address says of all its readings.
 *
 * @param device the device that the address names
 * @param subject the subject that the address names
 * @param receivedAt when it came; kept in microseconds
 */
public record Origin(Sender sender, Optional<String> device, Optional<String> subject, Instant receivedAt) {
    public Origin {
        receivedAt = receivedAt.truncatedTo(ChronoUnit.MICROS);
    }
}
