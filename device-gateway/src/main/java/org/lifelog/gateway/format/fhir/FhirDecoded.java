package org.lifelog.gateway.format.fhir;

import java.util.List;
import org.lifelog.gateway.format.Decoded;
import org.lifelog.gateway.format.Items;

/**
 * What a body of FHIR holds, entry by entry, as its answer needs it.
 *
 * @param outcomes what became of each entry
 * @param notes what the sender is told beside, for each entry
 */
record FhirDecoded(FhirBody.Kind kind, Decoded decoded, List<Items.Outcome> outcomes, List<List<String>> notes) {}
