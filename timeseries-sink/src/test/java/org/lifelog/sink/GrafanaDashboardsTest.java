package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lifelog.contract.Bands;
import org.lifelog.contract.Catalogue;

/** The queries of the dashboards run as they are, and show a member of a center nothing of another center. */
class GrafanaDashboardsTest {
    private static final Path ROOT =
            Path.of("../k8s/components/grafana").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String FROM = "'2026-11-20T00:00:00Z'";
    private static final String TO = "'2026-11-22T00:00:00Z'";
    private static final Map<String, String> VARIABLES =
            Map.of("metric", "glucose_cgm", "subject", "S-1", "attributes", "-");
    private static final Map<String, Integer> SECONDS = Map.of("1m", 60, "5m", 300);

    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);

    private static SinkDatabase database;
    /** What members of the role of isens and of all centers see with rows of isens alone, and with those of another center. */
    private static Map<Query, List<String>> memberBefore;

    private static Map<Query, List<String>> memberAfter;
    private static Map<Query, List<String>> readerBefore;
    private static Map<Query, List<String>> readerAfter;

    private record Query(String dashboard, String title, String sql) {
        @Override
        public String toString() {
            return dashboard + ": " + title;
        }
    }

    @BeforeAll
    static void ask() throws SQLException {
        database = new SinkDatabase("grafana");
        for (String role : List.of("lifelog_center_isens", "lifelog_reader")) {
            database.execute("CREATE ROLE " + person(role) + " LOGIN PASSWORD 'secret' IN ROLE " + role);
        }
        series("isens", "S-1", "glucose_cgm", "", "cgm-1");
        reading("isens", "08:00", 100, 0);
        reading("isens", "08:05", 60, 1 | 8);
        reading("isens", "09:00", 150, 2048);
        window("1h", "isens", "2026-11-20T08:00:00Z", 2, 80, "{0,1,1,0,0}");
        window("1h", "isens", "2026-11-20T09:00:00Z", 1, 150, "{0,0,1,0,0}");
        window("1d", "isens", "2026-11-20T15:00:00Z", 3, 103.5, "{0,1,2,0,0}");
        quarantined("isens", "{impossible-value,unit-not-allowed}", "NULL");
        quarantined("isens", "{device-not-assigned}", "now()");
        // One transaction for each, so that now() stays the same and what others commit is seen.
        try (Connection member = login("lifelog_center_isens");
                Connection reader = login("lifelog_reader")) {
            memberBefore = answers(member);
            readerBefore = answers(reader);
            fillOtherCenter();
            memberAfter = answers(member);
            readerAfter = answers(reader);
        }
    }

    /** Names of the first center among them, with other values, and names that only this center has. */
    private static void fillOtherCenter() throws SQLException {
        series("wonju-yonsei", "S-1", "glucose_cgm", "", "cgm-other");
        series("wonju-yonsei", "S-1", "glucose_cgm", "meal=after", "cgm-other");
        series("wonju-yonsei", "S-other", "glucose_cgm", "", "cgm-other");
        series("wonju-yonsei", "S-other", "noise", "", "cgm-other");
        reading("wonju-yonsei", "10:00", 300, 8);
        window("1h", "wonju-yonsei", "2026-11-20T10:00:00Z", 7, 300, "{0,0,0,0,7}");
        window("1d", "wonju-yonsei", "2026-11-20T15:00:00Z", 7, 300, "{0,0,0,0,7}");
        quarantined("wonju-yonsei", "{impossible-value,stale-firmware}", "NULL");
    }

    @AfterAll
    static void close() throws SQLException {
        for (String role : List.of("lifelog_center_isens", "lifelog_reader")) {
            database.execute("DROP ROLE " + person(role));
        }
        database.close();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void memberOfACenterSeesTheSameWhateverOthersHave(Query query) {
        assertThat(memberBefore.get(query)).isNotEmpty().isEqualTo(memberAfter.get(query));
        // Else the query would not have shown anything of others anyway.
        assertThat(readerAfter.get(query)).isNotEqualTo(readerBefore.get(query));
    }

    @Test
    void figuresAreThoseOfTheReadings() {
        assertThat(rows("Active devices")).containsExactly("1");
        assertThat(rows("Subjects with readings")).containsExactly("1");
        assertThat(rows("Readings per hour by metric"))
                .containsExactly("2026-11-20 08:00:00+00|glucose_cgm|2", "2026-11-20 09:00:00+00|glucose_cgm|1");
        assertThat(rows("Quarantined by reason")).containsExactly("impossible-value|1", "unit-not-allowed|1");
        assertThat(rows("Late and flagged by metric"))
                .singleElement()
                .asString()
                .matches("glucose_cgm\\|33\\.3\\d*\\|33\\.3\\d*");
        assertThat(rows("Daily mean with minimum and maximum: $metric of $subject"))
                .containsExactly("2026-11-20 15:00:00+00|103.5|102.5|104.5");
        assertThat(rows("Time in range by day: $metric of $subject").stream()
                        .map(row -> row.replaceFirst("(\\.\\d)\\d*$", "$1")))
                .containsExactly(
                        "2026-11-20 15:00:00+00|1: below 54|0.0",
                        "2026-11-20 15:00:00+00|2: 54 to below 70|33.3",
                        "2026-11-20 15:00:00+00|3: 70 to 180|66.6",
                        "2026-11-20 15:00:00+00|4: above 180 to 250|0.0",
                        "2026-11-20 15:00:00+00|5: above 250|0.0");
        assertThat(rows("Glucose 70 to 180 mg/dL: $subject"))
                .singleElement()
                .asString()
                .startsWith("66.66");
        assertThat(rows("Readings received per minute by center"))
                .containsExactly("1795161600|isens|1", "1795161900|isens|1", "1795165200|isens|1");
        assertThat(rows("Quarantine rate by center").stream().map(row -> row.replaceFirst("\\.0*$", "")))
                .containsExactly("1795161600|isens|50", "1795161900|isens|0", "1795165200|isens|0");
        assertThat(rows("Quarantined by center and reason"))
                .containsExactly("isens|impossible-value|1", "isens|unit-not-allowed|1");
    }

    @Test
    void bandsAreNamedAsTheCatalogueCutsThem() {
        for (String metric : List.of("glucose_cgm", "glucose_smbg")) {
            assertThat(Catalogue.load().metric(metric).orElseThrow().bands().edges())
                    .isEqualTo(Bands.parse("[54 [70 180] 250]").edges());
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void theLoginOfTheOneDataSourceDecidesWhoIsSeen(Path file) throws IOException {
        JsonNode sources =
                YAML.readTree(file.resolveSibling("datasources.yaml").toFile()).path("datasources");
        assertThat(sources).hasSize(1);
        JsonNode source = sources.path(0);
        assertThat(source.path("user").asText()).isEqualTo("$GRAFANA_DB_USER");
        assertThat(source.at("/secureJsonData/password").asText()).isEqualTo("$GRAFANA_DB_PASSWORD");
        assertThat(source.at("/jsonData/timescaledb").asBoolean(true))
                .as("macros are of plain PostgreSQL")
                .isFalse();
        JsonNode dashboard = JSON.readTree(file.toFile());
        assertThat(dashboard.findValues("datasource")).isNotEmpty().allSatisfy(used -> {
            assertThat(used.path("uid")).isEqualTo(source.path("uid"));
            assertThat(used.path("type")).isEqualTo(source.path("type"));
        });
        assertThat(dashboard.at("/templating/list")).allSatisfy(variable -> {
            assertThat(variable.path("type").asText()).isEqualTo("query");
            assertThat(VARIABLES).containsKey(variable.path("name").asText());
        });
    }

    static List<Path> dashboards() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (Path file : dashboards()) {
            JsonNode dashboard;
            try {
                dashboard = JSON.readTree(file.toFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            String name = dashboard.path("title").asText();
            for (JsonNode panel : dashboard.path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    queries.add(new Query(
                            name,
                            panel.path("title").asText(),
                            target.path("rawSql").asText()));
                }
            }
            StreamSupport.stream(dashboard.at("/templating/list").spliterator(), false)
                    .map(variable -> new Query(
                            name,
                            "variable " + variable.path("name").asText(),
                            variable.path("query").asText()))
                    .forEach(queries::add);
        }
        return queries;
    }

    private static List<String> rows(String title) {
        return memberAfter.entrySet().stream()
                .filter(entry -> entry.getKey().title().equals(title))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /** The statement as Grafana makes it of the query, with the macros of PostgreSQL. */
    private static String expanded(String sql) {
        String text = sql.replace("$__interval", "5m")
                .replace("$__timeFrom()", FROM)
                .replace("$__timeTo()", TO)
                .replaceAll("\\$__timeFilter\\((\\w+)\\)", "$1 BETWEEN " + FROM + " AND " + TO);
        for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
            text = text.replace("${" + variable.getKey() + ":sqlstring}", "'" + variable.getValue() + "'");
        }
        text = Pattern.compile("\\$__timeGroup\\((\\w+), '(\\w+)'\\)")
                .matcher(text)
                .replaceAll(group -> Matcher.quoteReplacement("floor(extract(epoch from " + group.group(1) + ")/"
                        + SECONDS.get(group.group(2)) + ")*" + SECONDS.get(group.group(2))));
        assertThat(text).as("no macro that Grafana has and the test has not").doesNotContain("$");
        return text;
    }

    private static Map<Query, List<String>> answers(Connection connection) throws SQLException {
        Map<Query, List<String>> answers = new LinkedHashMap<>();
        for (Query query : queries()) {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(expanded(query.sql()))) {
                List<String> rows = new ArrayList<>();
                while (result.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        columns.add(result.getString(i));
                    }
                    rows.add(String.join("|", columns));
                }
                answers.put(query, rows);
            }
        }
        return answers;
    }

    /** Roles are of the server, which other runs may share. */
    private static String person(String role) {
        return role + "_" + RUN;
    }

    private static Connection login(String role) throws SQLException {
        Connection connection = DriverManager.getConnection(database.database().jdbcUrl(), person(role), "secret");
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET timezone = 'UTC'");
        }
        connection.setAutoCommit(false);
        return connection;
    }

    private static void series(String center, String subject, String metric, String attributes, String device)
            throws SQLException {
        database.execute(String.format(
                "INSERT INTO series (center, subject, metric, attributes, unit) VALUES ('%s', '%s', '%s', '%s', 'mg/dL')",
                center, subject, metric, attributes));
        database.execute(String.format(
                "INSERT INTO device (center, device) VALUES ('%s', '%s') ON CONFLICT DO NOTHING", center, device));
    }

    /** A reading of each series of the center, received ten seconds after it was measured. */
    private static void reading(String center, String clock, double value, int flags) throws SQLException {
        database.execute(String.format(
                "INSERT INTO reading (series_id, time, device_id, value, received_at, flags) SELECT series_id,"
                        + " t, device_id, %s, t + interval '10 seconds', %d FROM series JOIN device USING (center),"
                        + " CAST('2026-11-20T%s:00Z' AS timestamptz) AS t WHERE center = '%s'",
                value, flags, clock, center));
    }

    private static void window(String size, String center, String time, int n, double mean, String bands)
            throws SQLException {
        database.execute(String.format(
                "INSERT INTO aggregate_%s (series_id, time, n, sum, mean, min, max, first, last, bands, version)"
                        + " SELECT series_id, '%s', %d, 0, %s, %s, %s, 0, 0, '%s', 1 FROM series WHERE center = '%s'",
                size, time, n, mean, mean - 1, mean + 1, bands, center));
    }

    private static void quarantined(String center, String reasons, String releasedAt) throws SQLException {
        database.execute(String.format(
                "INSERT INTO quarantined (source_partition, source_offset, center, reasons, received_at, quarantined_at,"
                        + " released_at) SELECT 0, count(*), '%s', '%s', '2026-11-20T08:01:00Z', now(), %s FROM quarantined",
                center, reasons, releasedAt));
    }
}
