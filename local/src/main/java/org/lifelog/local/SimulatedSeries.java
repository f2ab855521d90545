package org.lifelog.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What one simulated device measures of one subject, at the times of its schedule. */
final class SimulatedSeries {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The times at which something is measured, from inclusive, to exclusive. */
    interface Schedule {
        void forEach(Instant from, Instant to, ZoneId zone, Consumer<ZonedDateTime> action);

        /** Every so often, counted from the epoch. */
        static Schedule every(Duration period) {
            return (from, to, zone, action) -> {
                long step = period.toSeconds();
                long second = Math.floorDiv(from.getEpochSecond() + step - 1, step) * step;
                for (; second < to.getEpochSecond(); second += step) {
                    action.accept(Instant.ofEpochSecond(second).atZone(zone));
                }
            };
        }

        /** At these times of every so many days. */
        static Schedule at(int everyDays, LocalTime... times) {
            return (from, to, zone, action) -> {
                LocalDate last = LocalDate.ofInstant(to, zone);
                for (LocalDate day = LocalDate.ofInstant(from, zone); !day.isAfter(last); day = day.plusDays(1)) {
                    for (LocalTime time : day.toEpochDay() % everyDays == 0 ? List.of(times) : List.<LocalTime>of()) {
                        ZonedDateTime moment = day.atTime(time).atZone(zone);
                        if (!moment.toInstant().isBefore(from)
                                && moment.toInstant().isBefore(to)) {
                            action.accept(moment);
                        }
                    }
                }
            };
        }
    }

    private final String subject;
    private final String device;
    private final String metric;
    private final String unit;
    private final Map<String, String> attributes;
    private final Schedule schedule;
    private final Duration interval;
    private final int decimals;
    private final Signals.Signal signal;

    /**
     * A series.
     *
     * @param interval length of the interval of each reading; zero for an instant
     * @param decimals digits that the device shows after the point
     */
    SimulatedSeries(
            String subject,
            String device,
            String metric,
            String unit,
            Map<String, String> attributes,
            Schedule schedule,
            Duration interval,
            int decimals,
            Signals.Signal signal) {
        this.subject = subject;
        this.device = device;
        this.metric = metric;
        this.unit = unit;
        this.attributes = attributes;
        this.schedule = schedule;
        this.interval = interval;
        this.decimals = decimals;
        this.signal = signal;
    }

    /** Gives the readings whose measurement ends in a span of time, from inclusive, to exclusive, as the readings call takes them. */
    void readings(Instant from, Instant to, ZoneId zone, Consumer<ObjectNode> sink) {
        schedule.forEach(from.minus(interval), to.minus(interval), zone, time -> {
            double scale = Math.pow(10, decimals);
            double value = Math.rint(signal.at(time) * scale) / scale;
            if (Double.isNaN(value)) {
                return; // the sensor was not worn
            }
            ObjectNode reading = JSON.createObjectNode()
                    .put("subject", subject)
                    .put("device", device)
                    .put("metric", metric)
                    .put("value", value)
                    .put("unit", unit)
                    .put("time", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
            if (!interval.isZero()) {
                reading.put("end", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.plus(interval)));
            }
            if (!attributes.isEmpty()) {
                ObjectNode node = reading.putObject("attributes");
                attributes.forEach(node::put);
            }
            sink.accept(reading);
        });
    }
}
