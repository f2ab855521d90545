package org.lifelog.gateway.format;

import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.failure.Refusal;

/**
 * One request in a vendor's form, and its answer in that form. Made for each request; decodes once. The answer is written
 * while decoding, on a worker, because a long one would hold up an event loop.
 */
public interface Exchange extends Format {
    /** The answer to what was decoded, when all that is accepted is in Kafka; takes no time. */
    Answer answer(Receipt receipt);

    /** The answer where the request as a whole is refused, before or after it was decoded. */
    Answer answer(Refusal refusal);
}
