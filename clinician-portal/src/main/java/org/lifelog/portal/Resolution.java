package org.lifelog.portal;

import java.util.List;
import java.util.Map;

/** How fine a trend is: the readings themselves, or their summaries over windows. */
enum Resolution {
    RAW("raw", "reading"),
    MINUTE("1m", "aggregate_1m"),
    HOUR("1h", "aggregate_1h"),
    DAY("1d", "aggregate_1d");

    /** Names the finest one that is not too many points. */
    static final String AUTO = "auto";

    static final Map<String, List<Resolution>> BY_NAME = Map.of(
            AUTO,
            List.of(values()),
            RAW.code,
            List.of(RAW),
            MINUTE.code,
            List.of(MINUTE),
            HOUR.code,
            List.of(HOUR),
            DAY.code,
            List.of(DAY));

    private final String code;
    private final String table;

    Resolution(String code, String table) {
        this.code = code;
        this.table = table;
    }

    /** The name on the wire. */
    String code() {
        return code;
    }

    /** Where the points are. */
    String table() {
        return table;
    }
}
