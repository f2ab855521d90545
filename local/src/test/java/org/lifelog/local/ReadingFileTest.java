package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.local.ReadingFile.Layout;

class ReadingFileTest {
    private static final Map<String, String> CGM = Map.of("metric", "glucose_cgm", "unit", "mg/dL", "device", "cgm-1");

    @TempDir
    private Path folder;

    private List<Outgoing> read(String name, String content, Map<String, String> columns, Optional<ZoneId> zone)
            throws IOException {
        return ReadingFile.read(Files.writeString(folder.resolve(name), content), new Layout(columns, CGM, zone));
    }

    @Test
    void csvNeedsNoOptionsForTheUsualColumns() throws IOException {
        List<Outgoing> readings = read(
                "cgm.csv",
                "id,time_est,time_utc,epoch_s,gl\nSubject 1,2015-06-06 16:50:27,2015-06-06T21:50:27Z,1433627427,153\n",
                Map.of(),
                Optional.empty());

        assertThat(readings).singleElement().satisfies(reading -> {
            assertThat(reading.line()).isEqualTo(2);
            assertThat(reading.json().path("subject").asText()).isEqualTo("Subject-1");
            assertThat(reading.json().path("time").asText()).isEqualTo("2015-06-06T21:50:27Z");
            assertThat(reading.json().path("value").asDouble()).isEqualTo(153);
            assertThat(reading.json().path("unit").asText()).isEqualTo("mg/dL");
            assertThat(reading.json().path("device").asText()).isEqualTo("cgm-1");
        });
    }

    @Test
    void localTimeNeedsTheZoneOfTheFile() throws IOException {
        String csv = "subject,when,gl\nS-1,2026-11-24 07:31:05,153\n";

        assertThat(read("a.csv", csv, Map.of("time", "when"), Optional.of(ZoneId.of("Asia/Seoul")))
                        .get(0)
                        .json()
                        .path("time")
                        .asText())
                .isEqualTo("2026-11-24T07:31:05+09:00");
        assertThatThrownBy(() -> read("b.csv", csv, Map.of("time", "when"), Optional.empty()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("b.csv:2", "--zone");
    }

    @Test
    void lowAndHighStayWords() throws IOException {
        assertThat(read("a.csv", "subject,time,value\nS-1,2026-11-24T07:31:05Z,LOW\n", Map.of(), Optional.empty())
                        .get(0)
                        .json()
                        .path("value")
                        .asText())
                .isEqualTo("LOW");
    }

    @Test
    void missingColumnIsNamedWithWhatTheFileHas() {
        assertThatThrownBy(() -> read("a.csv", "subject,when,gl\nS-1,x,1\n", Map.of(), Optional.empty()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("[subject, when, gl]", "--time-column");
        assertThatThrownBy(() -> read("a.csv", "subject,when,gl\nS-1,x,1\n", Map.of("time", "zeit"), Optional.empty()))
                .hasMessageContaining("no column zeit");
    }

    @Test
    void valueThatIsNoNumberIsToldWithItsLine() {
        assertThatThrownBy(() -> read(
                        "a.csv",
                        "subject,time,gl\nS-1,2026-11-24T07:31:05Z,100\nS-1,2026-11-24T07:36:05Z,n/a\n",
                        Map.of(),
                        Optional.empty()))
                .hasMessageContaining("a.csv:3");
    }

    @Test
    void jsonAndLinesAreTakenAsTheCallTakesThem() throws IOException {
        String one = "{\"subject\":\"S-1\",\"time\":\"2026-11-24T07:31:05Z\",\"value\":100,\"device\":\"other\"}";

        for (String content : List.of("{\"readings\":[" + one + "," + one + "]}", "[" + one + "," + one + "]")) {
            assertThat(read("a.json", content, Map.of(), Optional.empty()))
                    .hasSize(2)
                    .allSatisfy(reading -> {
                        assertThat(reading.json().path("device").asText()).isEqualTo("other");
                        assertThat(reading.json().path("metric").asText()).isEqualTo("glucose_cgm");
                    });
        }
        assertThat(read("a.ndjson", one + "\n" + one + "\n", Map.of(), Optional.empty()))
                .hasSize(2);
        assertThatThrownBy(() -> read("b.json", "{\"readings\":[", Map.of(), Optional.empty()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be parsed near line 1");
        assertThatThrownBy(() -> read("a.xlsx", one, Map.of(), Optional.empty()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(".csv");
    }
}
