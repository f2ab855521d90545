package org.lifelog.gateway.mqtt;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/** What became of a message, where that is for good. A fault that passes is none: the client sends again. */
sealed interface Outcome {
    /** Of a message with QoS 2 that is sent again: it was taken before. */
    Future<Outcome> BEFORE = Future.succeededFuture(new Taken(new Receipt(0, List.of())));

    /** Reason code of PUBACK and PUBREC over MQTT 5. */
    int code();

    /** What is wrong, for people; empty where nothing is. */
    String detail();

    JsonObject toJson();

    /** It was taken; of its items some or all may have been refused by themselves. */
    record Taken(Receipt receipt) implements Outcome {
        private boolean allRefused() {
            return receipt.status() == Failure.ALL_REFUSED.status();
        }

        @Override
        public int code() {
            return allRefused() ? Failure.ALL_REFUSED.reasonCode() : Reason.SUCCESS.code();
        }

        @Override
        public String detail() {
            return allRefused()
                    ? "Every reading was refused. The first: "
                            + receipt.problems().get(0).detail()
                    : "";
        }

        @Override
        public JsonObject toJson() {
            return receipt.toJson();
        }
    }

    /** It was refused as a whole and is in quarantine. */
    record Refused(Refusal refusal) implements Outcome {
        @Override
        public int code() {
            return refusal.failure().reasonCode();
        }

        @Override
        public String detail() {
            return refusal.getMessage();
        }

        @Override
        public JsonObject toJson() {
            return new JsonObject().put("code", refusal.failure().code()).put("detail", refusal.getMessage());
        }
    }
}
