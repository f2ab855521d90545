package org.lifelog.gateway.format.fhir;

import ca.uhn.fhir.parser.IParserErrorHandler;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ScalarType;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ValueType;
import java.util.Set;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.format.ItemRefusal;
import org.lifelog.gateway.format.ReadingFields;

/** Refuses whatever the parser would only warn of. HAPI's own strict handler quotes values in its messages. */
final class StrictErrors implements IParserErrorHandler {
    private static final Set<String> TIMES =
            Set.of("effectiveDateTime", "effectiveInstant", "effectivePeriod", "effective", "start", "end");

    @Override
    public void containedResourceWithNoId(IParseLocation location) {
        throw invalid("A contained resource has no id.");
    }

    @Override
    public void incorrectJsonType(
            IParseLocation location,
            String element,
            ValueType expected,
            ScalarType expectedScalar,
            ValueType found,
            ScalarType foundScalar) {
        if (element != null && TIMES.contains(element)) {
            throw time();
        }
        throw new ItemRefusal(
                Problem.Code.WRONG_TYPE, ReadingFields.printable(text(element)) + " is of another type in FHIR R4.");
    }

    @Override
    public void invalidValue(IParseLocation location, String value, String error) {
        String element = location == null ? null : location.getParentElementName();
        if (element != null && TIMES.contains(element)) {
            throw time();
        }
        if ("value".equals(element)) {
            throw new ItemRefusal(Problem.Code.NOT_A_NUMBER, "The value of a valueQuantity is a JSON number.");
        }
        throw invalid(ReadingFields.printable(text(element)) + " has a value that FHIR R4 does not allow.");
    }

    @Override
    public void missingRequiredElement(IParseLocation location, String element) {
        throw new ItemRefusal(
                Problem.Code.MISSING_FIELD, ReadingFields.printable(text(element)) + " is required in FHIR R4.");
    }

    @Override
    public void unexpectedRepeatingElement(IParseLocation location, String element) {
        throw invalid(ReadingFields.printable(text(element)) + " is there more than once.");
    }

    @Override
    public void unknownAttribute(IParseLocation location, String element) {
        throw unknown(element);
    }

    @Override
    public void unknownElement(IParseLocation location, String element) {
        throw unknown(element);
    }

    @Override
    public void unknownReference(IParseLocation location, String reference) {
        throw invalid("A reference within the resource leads nowhere.");
    }

    @Override
    public void invalidInternalReference(IParseLocation location, String reference) {
        throw invalid("A reference within the resource leads nowhere.");
    }

    @Override
    public void extensionContainsValueAndNestedExtensions(IParseLocation location) {
        throw invalid("An extension has a value and extensions.");
    }

    static ItemRefusal unknown(String element) {
        return new ItemRefusal(
                Problem.Code.UNKNOWN_FIELD,
                ReadingFields.printable(text(element)) + " is not part of this resource in FHIR R4.");
    }

    private static ItemRefusal time() {
        return new ItemRefusal(
                Problem.Code.UNPARSEABLE_TIME,
                "The effective time is a time of FHIR R4 with an offset, such as 2026-11-24T07:31:05+09:00.");
    }

    private static ItemRefusal invalid(String detail) {
        return new ItemRefusal(Problem.Code.INVALID_FIELD, detail);
    }

    private static String text(String element) {
        return element == null ? "" : element;
    }
}
