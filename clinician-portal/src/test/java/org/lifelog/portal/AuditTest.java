package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lifelog.portal.RunningPortal.ISENS;
import static org.lifelog.portal.RunningPortal.WONJU;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditTest {
    private RunningPortal portal;

    @BeforeEach
    void start() {
        portal = RunningPortal.start();
        int device = portal.rows.device("isens", "cgm-1");
        for (String subject : List.of("S-1", "S-2")) {
            long glucose = portal.rows.series("isens", subject, "glucose_cgm", "", "mg/dL");
            portal.rows.reading(glucose, device, Instant.parse("2026-11-24T00:00:00Z"), 100, 0);
        }
    }

    @AfterEach
    void stop() {
        portal.close();
    }

    @Test
    void everyReadOfASubjectsDataIsOneRow() {
        portal.get(ISENS, "/me");
        portal.get(ISENS, "/centers");
        portal.get(ISENS, "/centers/isens/subjects/S-1");
        portal.get(ISENS, "/centers/isens/subjects/S-1/series?metric=glucose_cgm&resolution=raw");
        portal.get(ISENS, "/centers/isens/subjects/S-2/glucose?unit=mmol/L");
        portal.get(ISENS, "/centers/isens/subjects?sort=code");

        assertThat(portal.rows.query("SELECT username, center, subject, action, detail, remote_address FROM audit"
                        + " ORDER BY audit_id"))
                .containsExactly(
                        row("S-1", "summary", ""),
                        row("S-1", "series", "metric=glucose_cgm resolution=raw"),
                        row("S-2", "glucose", "unit=mmol/L"),
                        row("S-1", "worklist", "sort=code"),
                        row("S-2", "worklist", "sort=code"));
        assertThat(portal.rows.query("SELECT FROM audit WHERE at BETWEEN now() - interval '1 minute' AND now()"))
                .hasSize(5);
    }

    private static List<Object> row(String subject, String action, String detail) {
        return List.of(ISENS, "isens", subject, action, detail, "127.0.0.1");
    }

    @Test
    void whatIsRefusedIsNoRead() {
        portal.get(WONJU, "/centers/isens/subjects/S-1/glucose");
        portal.get(ISENS, "/centers/isens/subjects/unknown/glucose");
        portal.get(ISENS, "/centers/isens/subjects/S-1/glucose?unit=grains");
        portal.send(portal.request("/api/v1/centers/isens/subjects/S-1/glucose"));

        assertThat(portal.rows.query("SELECT FROM audit")).isEmpty();
    }

    @Test
    void noAnswerWithoutARow() {
        execute("ALTER TABLE audit ADD CONSTRAINT refuse_all CHECK (username = 'nobody')");

        RunningPortal.Answer answer = portal.get(ISENS, "/centers/isens/subjects/S-1/glucose");

        PortalTest.assertProblem(answer, 500, "internal");
        assertThat(answer.response().body()).doesNotContain("refuse_all", "S-1", "audit");
    }

    @Test
    void rowsCannotBeChanged() {
        portal.get(ISENS, "/centers/isens/subjects/S-1");

        assertThatThrownBy(() -> execute("UPDATE audit SET username = 'somebody else'"))
                .hasMessageContaining("append only");
        assertThatThrownBy(() -> execute("DELETE FROM audit")).hasMessageContaining("append only");
    }

    private void execute(String sql) {
        try (Connection connection = portal.connection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
