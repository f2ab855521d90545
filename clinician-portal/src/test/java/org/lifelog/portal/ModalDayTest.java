package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Conversion;

class ModalDayTest {
    private static final Catalogue CATALOGUE = Catalogue.load();

    @Test
    void binsAreThreeHoursOfTheLocalClock() {
        ModalDay.Builder builder = new ModalDay.Builder(ZoneId.of("Asia/Seoul"));
        // 06:00, 08:59:59, 09:00 and again 07:00 in Seoul.
        add(builder, "2026-11-01T21:00:00Z", 100, "fasting");
        add(builder, "2026-11-01T23:59:59Z", 60, "fasting");
        add(builder, "2026-11-02T00:00:00Z", 200, "after");
        add(builder, "2026-11-02T22:00:00Z", 130, "");

        ModalDay day = builder.build(unit("mg/dL"));

        // Type 7 over 60, 100, 130: positions 0.5, 1, 1.5.
        assertThat(day.bins())
                .containsExactly(
                        new ModalDay.Bin(360, 3, 290.0 / 3, 60, 80, 100, 115, 130, Map.of("", 1, "fasting", 2)),
                        new ModalDay.Bin(540, 1, 200, 200, 200, 200, 200, 200, Map.of("after", 1)));
        assertThat(day.meals())
                .containsExactly(
                        new ModalDay.Meal("", 1, 130, 130, 130, new TimeInRange(0, 0, 100, 0, 0)),
                        new ModalDay.Meal("after", 1, 200, 200, 200, new TimeInRange(0, 0, 0, 100, 0)),
                        new ModalDay.Meal("fasting", 2, 80, 60, 100, new TimeInRange(0, 50, 50, 0, 0)));
    }

    @Test
    void valuesAreInTheUnitThatWasAskedFor() {
        ModalDay.Builder builder = new ModalDay.Builder(ZoneId.of("UTC"));
        add(builder, "2026-11-01T21:00:00Z", 180.1559, "");

        ModalDay day = builder.build(unit("mmol/L"));

        assertThat(day.bins().get(0).p50()).isEqualTo(10, within(1e-9));
        assertThat(day.meals().get(0).max()).isEqualTo(10, within(1e-9));
    }

    @Test
    void noReadingsAreNoBins() {
        assertThat(new ModalDay.Builder(ZoneId.of("UTC")).build(unit("mg/dL")))
                .isEqualTo(new ModalDay(List.of(), List.of()));
    }

    private static void add(ModalDay.Builder builder, String time, double value, String meal) {
        builder.add(Micros.of(Instant.parse(time)), value, meal);
    }

    private static Conversion unit(String unit) {
        return CATALOGUE.conversion("glucose_smbg", unit).orElseThrow();
    }
}
