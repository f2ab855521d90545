package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionTest {
    private static final Catalogue CATALOGUE = Catalogue.load();

    @Test
    void toCanonicalMultipliesAndThenAdds() {
        Conversion fahrenheit = new Conversion(5.0 / 9, -160.0 / 9);
        assertThat(fahrenheit.toCanonical(98.6)).isCloseTo(37, within(1e-12));
        assertThat(fahrenheit.fromCanonical(37)).isCloseTo(98.6, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "glucose_cgm, mg/dL, 186, 186",
        // 186 mg/dL is 10.3244 mmol/L; 186 taken for mmol/L would be a value that nobody survives.
        "glucose_cgm, mmol/L, 10.324391263344692, 186",
        "glucose_smbg, mmol/L, 186, 3350.89974",
        "glucose_smbg, kg/L, 0.00186, 186",
        "glucose_smbg, mol/L, 0.010324391263344692, 186",
        "hba1c, mmol/mol, 53, 7.00044",
        "body_temp, [degF], 98.6, 37",
        "body_temp, [degF], 32, 0",
        "spo2, 1, 0.97, 97",
        "bp_systolic, kPa, 16, 120.01024",
        "weight, [lb_av], 150, 68.0388555",
        "weight, [stone_av], 10, 63.5029318",
        "height, [in_i], 70, 177.8",
        "distance, [mi_i], 1, 1609.344",
        "energy_active, kJ, 418.4, 100",
        "sleep, s, 90, 1.5",
        "triglycerides, mmol/L, 1.7, 150.569",
        "creatinine, umol/L, 88.42, 1"
    })
    void knownValuesAreMet(String metric, String unit, double sent, double canonical) {
        assertThat(CATALOGUE.conversion(metric, unit).orElseThrow().toCanonical(sent))
                .isCloseTo(canonical, within(1e-9 * Math.max(1, canonical)));
    }

    @Test
    void theCanonicalUnitIsLeftAlone() {
        assertThat(Conversion.NONE.toCanonical(6.900000095367432)).isEqualTo(6.900000095367432);
        assertThat(Conversion.NONE.fromCanonical(-0.0)).isEqualTo(-0.0);
    }

    @Property
    void everyUnitOfTheCatalogueComesBack(@ForAll @DoubleRange(min = -100_000, max = 100_000) double sent) {
        for (Metric metric : CATALOGUE.metrics()) {
            for (String unit : CATALOGUE.units(metric.code())) {
                Conversion conversion =
                        CATALOGUE.conversion(metric.code(), unit).orElseThrow();
                // Relative to the larger of the two terms: the offset of [degF] takes bits from small values.
                assertThat(conversion.fromCanonical(conversion.toCanonical(sent)))
                        .as("%s in %s", metric.code(), unit)
                        .isCloseTo(sent, within(1e-13 * Math.max(100, Math.abs(sent))));
            }
        }
    }
}
