package org.lifelog.gateway.format.nightscout;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Answer;
import org.lifelog.gateway.format.Exchange;
import org.lifelog.gateway.format.FormatFixture;

class NightscoutAnswerTest {
    private static final NightscoutFormat FORMAT = new NightscoutFormat(Catalogue.load());

    @Test
    void thereIsAnObjectForEachEntryAndAnIdForEachThatIsStored() {
        String error = NightscoutFormatTest.GOOD.replace("131", "5");
        Answer answer = answer("[" + NightscoutFormatTest.GOOD + ", " + error + "]");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.type()).isEqualTo("application/json");
        JsonArray entries = new JsonArray(answer.body());
        JsonObject stored = entries.getJsonObject(0);
        assertThat(stored.getString("_id")).matches("[0-9a-f]{24}");
        stored.remove("_id");
        assertThat(stored).isEqualTo(new JsonObject("""
                {"type": "sgv", "date": 1795559465000, "dateString": "2026-11-24T22:31:05Z",
                 "device": "xDrip-DexcomG6-Share2"}"""));
        assertThat(entries.getJsonObject(1)).isEqualTo(new JsonObject("""
                {"refused": "error-code",
                 "description": "An sgv below 39 is an error code of the sensor, not a value."}"""));
    }

    @Test
    void theSameEntryHasTheSameIdAndAnotherOneAnother() {
        String first = answer(NightscoutFormatTest.GOOD).body();
        assertThat(answer(NightscoutFormatTest.GOOD).body()).isEqualTo(first);
        assertThat(id(answer(NightscoutFormatTest.GOOD.replace("1795559465000", "1795559466000"))))
                .isNotEqualTo(new JsonArray(first).getJsonObject(0).getString("_id"));
    }

    @Test
    void whereEveryEntryIsRefusedTheStatusSaysSo() {
        Answer answer = answer(NightscoutFormatTest.GOOD.replace("131", "5"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(new JsonArray(answer.body()).size()).isOne();
    }

    @Test
    void aRefusalIsToldInNightscoutsWords() {
        Answer answer = NightscoutAnswer.of(new Refusal(Failure.UNAUTHENTICATED, "Send the api-secret."));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(new JsonObject(answer.body())).isEqualTo(new JsonObject("""
                {"status": 401, "message": "unauthenticated", "description": "Send the api-secret."}"""));
        Refusal refusal = new Refusal(Failure.UNAVAILABLE, "Kafka is away.");
        assertThat(FORMAT.exchange().answer(refusal)).isEqualTo(NightscoutAnswer.of(refusal));
    }

    private static Answer answer(String body) {
        Exchange exchange = FORMAT.exchange();
        return exchange.answer(
                FormatFixture.decode(exchange, body, FormatFixture.origin(Optional.empty(), Optional.of("S-5")))
                        .receipt());
    }

    private static String id(Answer answer) {
        return new JsonArray(answer.body()).getJsonObject(0).getString("_id");
    }
}
