package org.lifelog.gateway.format.nightscout;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Answer;
import org.lifelog.gateway.format.Decoded;
import org.lifelog.gateway.format.Exchange;
import org.lifelog.gateway.format.Format;
import org.lifelog.gateway.format.Items;
import org.lifelog.gateway.format.JsonBody;
import org.lifelog.gateway.format.Origin;

/**
 * What uploaders send to {@code api/v1/entries} of a Nightscout server: an entry, or an array of entries. The subject is
 * in the path. Safe for use by many threads.
 */
public final class NightscoutFormat implements Format {
    private static final int MOST_DEPTH = 12;
    private static final int LONGEST_TEXT = 1_024;
    private static final int LONGEST_NUMBER = 64;
    private static final JsonBody JSON = new JsonBody(MOST_DEPTH, LONGEST_TEXT, LONGEST_NUMBER);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Catalogue catalogue;

    public NightscoutFormat(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public Decoded decode(byte[] body, Origin origin) {
        return read(body, origin, new ArrayList<>());
    }

    /** One request, whose answer is that of a Nightscout server. */
    public Exchange exchange() {
        return new Exchange() {
            private Answer answer;

            @Override
            public Decoded decode(byte[] body, Origin origin) {
                List<Items.Outcome> outcomes = new ArrayList<>();
                Decoded decoded = read(body, origin, outcomes);
                answer = NightscoutAnswer.of(outcomes);
                return decoded;
            }

            @Override
            public Answer answer(Receipt receipt) {
                return answer;
            }

            @Override
            public Answer answer(Refusal refusal) {
                return NightscoutAnswer.of(refusal);
            }
        };
    }

    private Decoded read(byte[] body, Origin origin, List<Items.Outcome> outcomes) {
        Items items = new Items(catalogue, origin, body);
        JSON.readOne(body, parser -> {
            switch (parser.currentToken()) {
                case START_OBJECT -> outcomes.add(add(parser, items, origin));
                case START_ARRAY -> {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        items.checkCount();
                        outcomes.add(add(parser, items, origin));
                    }
                }
                default -> throw new Refusal(Failure.MALFORMED, "The body is an entry or an array of entries.");
            }
        });
        return items.decoded();
    }

    private static Items.Outcome add(JsonParser parser, Items items, Origin origin) throws IOException {
        int start = JsonBody.start(parser);
        JsonNode node = MAPPER.readTree(parser);
        return items.add(start, JsonBody.end(parser), () -> Entry.map(node, origin));
    }
}
