package org.lifelog.streams;

import org.lifelog.avro.Reading;
import org.lifelog.contract.Reason;

/** What became of a reading that was judged by itself, before duplicates are looked for. */
sealed interface Judgement {
    /**
     * It is believed.
     *
     * @param reading in the canonical unit, with its flags
     */
    record Valid(Reading reading) implements Judgement {}

    /**
     * It is not believed.
     *
     * @param reason the first one found
     * @param detail for the vendor, without values and subject codes
     */
    record Quarantined(Reason reason, String detail) implements Judgement {}
}
