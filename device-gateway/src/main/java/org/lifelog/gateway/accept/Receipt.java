package org.lifelog.gateway.accept;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.lifelog.gateway.failure.Problem;

/**
 * The answer to a batch whose accepted readings are in Kafka.
 *
 * @param accepted number of readings that were accepted
 * @param problems the readings that were refused, in their order
 */
public record Receipt(int accepted, List<Problem> problems) {
    /** For nothing yet. */
    public static final Receipt EMPTY = new Receipt(0, List.of());

    private static final int OK = 200;
    private static final int MULTI_STATUS = 207;
    private static final int UNPROCESSABLE = 422;

    /** The receipt for this part of a batch and the next one. */
    public Receipt plus(Receipt next) {
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(next.problems);
        return new Receipt(accepted + next.accepted, all);
    }

    /** HTTP status: 200 where all were accepted, 207 where some were, 422 where none was. */
    public int status() {
        if (problems.isEmpty()) {
            return OK;
        }
        return accepted > 0 ? MULTI_STATUS : UNPROCESSABLE;
    }

    public JsonObject toJson() {
        JsonObject json = new JsonObject().put("accepted", accepted);
        if (!problems.isEmpty()) {
            JsonArray list = new JsonArray();
            problems.forEach(problem -> list.add(new JsonObject()
                    .put("index", problem.index())
                    .put("code", problem.code().text())
                    .put("detail", problem.detail())));
            json.put("refused", problems.size()).put("problems", list);
        }
        return json;
    }
}
