package org.lifelog.gateway;

import java.util.List;
import org.lifelog.avro.Reading;

/**
 * What a message holds.
 *
 * @param readings the readings in good form, in their order
 * @param refused the others, in their order
 */
record Decoded(List<Reading> readings, List<Refused> refused) {
    /**
     * An item that is refused.
     *
     * @param raw its bytes as sent
     */
    record Refused(Problem problem, byte[] raw) {}

    Receipt receipt() {
        return new Receipt(
                readings.size(), refused.stream().map(Refused::problem).toList());
    }
}
