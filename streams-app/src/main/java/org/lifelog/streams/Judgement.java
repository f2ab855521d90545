package org.lifelog.streams;

import org.lifelog.avro.Reading;
import org.lifelog.contract.Reason;
import org.lifelog.streams.history.Known;

/** What became of a reading. */
sealed interface Judgement {
    /**
     * It is believed, and was not known before.
     *
     * @param reading in the canonical unit, with its flags
     */
    record Valid(Reading reading) implements Judgement {}

    /**
     * It is believed, and takes the place of another value that was valid.
     *
     * @param reading as in {@link Valid}
     * @param before what it takes the place of
     */
    record Corrected(Reading reading, Known before) implements Judgement {}

    /**
     * It takes back a valid reading, or one that is too old to be known here.
     *
     * @param reading names it
     * @param before what it takes back; null where that is not known
     */
    record Withdrawn(Reading reading, Known before) implements Judgement {}

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
