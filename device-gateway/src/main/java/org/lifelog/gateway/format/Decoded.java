package org.lifelog.gateway.format;

import java.util.List;
import org.lifelog.avro.Reading;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.failure.Problem;

/**
 * What a message holds.
 *
 * @param readings the readings in good form, in their order
 * @param refused the others, in their order
 */
public record Decoded(List<Reading> readings, List<Refused> refused) {
    /**
     * An item that is refused.
     *
     * @param raw its bytes as sent
     */
    public record Refused(Problem problem, byte[] raw) {}

    public Receipt receipt() {
        return new Receipt(
                readings.size(), refused.stream().map(Refused::problem).toList());
    }
}
