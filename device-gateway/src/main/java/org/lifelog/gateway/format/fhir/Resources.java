package org.lifelog.gateway.format.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.IParser;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.hl7.fhir.r4.model.Resource;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.ItemRefusal;

/** Parses single resources with HAPI FHIR, strictly. */
final class Resources {
    private final FhirContext context = FhirContext.forR4();

    /**
     * A resource.
     *
     * @throws ItemRefusal it is not what FHIR R4 defines
     * @throws Refusal the bytes are not UTF-8
     */
    <T extends Resource> T parse(Class<T> type, byte[] body, int start, int end) {
        String text = text(body, start, end);
        try {
            IParser parser = context.newJsonParser();
            parser.setParserErrorHandler(new StrictErrors());
            return parser.parseResource(type, text);
        } catch (ItemRefusal refusal) {
            throw refusal;
        } catch (RuntimeException e) {
            // Whatever the library makes of bad input, it is the input: its messages quote values, so none is told.
            throw refusal(e);
        }
    }

    private static ItemRefusal refusal(RuntimeException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ItemRefusal refusal) {
                return refusal;
            }
        }
        return new ItemRefusal(
                Problem.Code.INVALID_FIELD,
                e instanceof DataFormatException
                        ? "The resource is not as FHIR R4 defines it."
                        : "The resource cannot be read as one of FHIR R4.");
    }

    private static String text(byte[] body, int start, int end) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body, start, end - start))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refusal(Failure.MALFORMED, "The JSON is not in UTF-8.", e);
        }
    }
}
