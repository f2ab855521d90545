package org.lifelog.streams;

import org.lifelog.avro.Reading;
import org.lifelog.contract.Reason;

/** What became of a reading. */
sealed interface Judgement {
    /**
     * It is believed, and was not known before.
     *
     * @param reading in the canonical unit, with its flags
     */
    record Valid(Reading reading) implements Judgement {}

    /** It is believed, and takes the place of another value that was valid; the reading as in {@link Valid}. */
    record Corrected(Reading reading) implements Judgement {}

    /** It takes back a valid reading, or one that is too old to be known here; the reading names it. */
    record Withdrawn(Reading reading) implements Judgement {}

    /** It is known already. */
    record Duplicate() implements Judgement {}

    /**
     * It is not believed.
     *
     * @param reason the first one found
     * @param detail for the vendor, without values and subject codes
     * @param known the value that stays, where another one is known; null elsewhere
     */
    record Quarantined(Reason reason, String detail, Double known) implements Judgement {
        Quarantined(Reason reason, String detail) {
            this(reason, detail, null);
        }
    }
}
