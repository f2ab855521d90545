package org.lifelog.local;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes user and password out of a JDBC URL. */
final class DatabaseUrl {
    private static final String PREFIX = "jdbc:postgresql://";

    private DatabaseUrl() {}

    /**
     * Parses {@code jdbc:postgresql://host:port/name?user=...&password=...}.
     *
     * @throws UsageException where it is not of that form
     */
    static ServiceCredentials.Database parse(String url) {
        if (!url.startsWith(PREFIX)) {
            throw new UsageException("The database is " + PREFIX + "host:port/name?user=...&password=...");
        }
        int at = url.indexOf('?');
        String username = "lifelog";
        String password = "";
        List<String> others = new ArrayList<>();
        for (String parameter : at < 0 ? new String[0] : url.substring(at + 1).split("&")) {
            String[] pair = parameter.split("=", 2);
            String value = pair.length < 2 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8);
            switch (pair[0]) {
                case "user" -> username = value;
                case "password" -> password = value;
                default -> others.add(parameter);
            }
        }
        String base = at < 0 ? url : url.substring(0, at);
        return new ServiceCredentials.Database(
                others.isEmpty() ? base : base + "?" + String.join("&", others), username, password);
    }
}
