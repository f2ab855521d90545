package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Reason;

/**
 * What is stored of a subject.
 *
 * @param metrics those held, in the order of the catalogue
 * @param devices those of the latest {@value #DEVICE_READINGS} readings of each series, the one that measured last first
 * @param clockWarnings readings of the last {@value #WARNING_DAYS} days whose time could not be believed
 */
public record SubjectSummary(
        String center,
        String subject,
        Optional<Instant> firstReading,
        Optional<Instant> lastReading,
        List<HeldMetric> metrics,
        List<Device> devices,
        List<ClockWarning> clockWarnings) {

    // Bounds the look for devices, which has no index.
    private static final int DEVICE_READINGS = 2_000;
    private static final int WARNING_DAYS = 90;

    /** A metric that is held, with its series. */
    public record HeldMetric(
            MetricView metric, Optional<Instant> firstReading, Optional<Instant> lastReading, List<Part> series) {}

    /** One series of a metric. */
    public record Part(String attributes, Optional<Instant> firstReading, Optional<Instant> lastReading) {}

    /** A device that measured the subject. */
    public record Device(String device, Optional<Instant> lastReading) {}

    /**
     * Quarantined readings with a time that cannot be.
     *
     * @param reason {@code future-time} or {@code ancient-time}
     * @param lastReceived when the last of them arrived
     */
    public record ClockWarning(String reason, long n, Optional<Instant> lastReceived) {}

    private static final String DEVICES = """
            SELECT d.device, max(r.time) AS last
            FROM unnest(?::bigint[]) AS s (series_id)
            CROSS JOIN LATERAL (
              SELECT device_id, time FROM reading WHERE series_id = s.series_id ORDER BY time DESC LIMIT %d) r
            JOIN device d USING (device_id)
            GROUP BY d.device
            ORDER BY last DESC, d.device
            """.formatted(DEVICE_READINGS);

    private static final String WARNINGS = """
            SELECT reason, count(*), max(received_at)
            FROM quarantined CROSS JOIN LATERAL unnest(reasons) AS reason
            WHERE center = ? AND subject = ? AND received_at >= now() - interval '%d days' AND reason IN (?, ?)
            GROUP BY reason
            ORDER BY reason
            """.formatted(WARNING_DAYS);

    static SubjectSummary read(
            Connection connection, Catalogue catalogue, String center, String subject, List<HeldSeries> held)
            throws SQLException {
        return new SubjectSummary(
                center,
                subject,
                HeldSeries.firstOf(held),
                HeldSeries.lastOf(held),
                metrics(catalogue, held),
                devices(connection, held),
                clockWarnings(connection, center, subject));
    }

    private static List<HeldMetric> metrics(Catalogue catalogue, List<HeldSeries> held) {
        Map<String, List<HeldSeries>> byMetric = new LinkedHashMap<>();
        catalogue.metrics().forEach(metric -> byMetric.put(metric.code(), new ArrayList<>()));
        held.forEach(series -> byMetric.computeIfAbsent(series.metric(), code -> new ArrayList<>())
                .add(series));
        return byMetric.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> new HeldMetric(
                        catalogue
                                .metric(entry.getKey())
                                .map(MetricView::of)
                                .orElseGet(() -> MetricView.unknown(
                                        entry.getKey(), entry.getValue().get(0).unit())),
                        HeldSeries.firstOf(entry.getValue()),
                        HeldSeries.lastOf(entry.getValue()),
                        parts(entry.getValue())))
                .toList();
    }

    private static List<Part> parts(Collection<HeldSeries> series) {
        return series.stream()
                .map(one -> new Part(one.attributes(), one.first(), one.last()))
                .toList();
    }

    private static List<Device> devices(Connection connection, List<HeldSeries> held) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(DEVICES)) {
            select.setArray(1, connection.createArrayOf("bigint", HeldSeries.ids(held)));
            List<Device> devices = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    devices.add(new Device(row.getString(1), HeldSeries.time(row, 2)));
                }
            }
            return devices;
        }
    }

    private static List<ClockWarning> clockWarnings(Connection connection, String center, String subject)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(WARNINGS)) {
            select.setString(1, center);
            select.setString(2, subject);
            select.setString(3, Reason.FUTURE_TIME.code());
            select.setString(4, Reason.ANCIENT_TIME.code());
            List<ClockWarning> warnings = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    warnings.add(new ClockWarning(row.getString(1), row.getLong(2), HeldSeries.time(row, 3)));
                }
            }
            return warnings;
        }
    }
}
