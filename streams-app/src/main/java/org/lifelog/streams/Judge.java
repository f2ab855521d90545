package org.lifelog.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Conversion;
import org.lifelog.contract.Flag;
import org.lifelog.contract.Metric;
import org.lifelog.contract.Reason;
import org.lifelog.contract.Windows;

/** Judges one reading by the catalogue: brings it to the canonical unit and flags, censors or quarantines it. No state. */
final class Judge {
    /** Codes of {@link Reading#getReported}. */
    private static final String CONTROL_SOLUTION = "control-solution";

    private static final String TIME_FAULT = "time-fault";
    /** Clocks that are set by a network differ by less. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private final Catalogue catalogue;
    private final Centers centers;
    private final Duration futureTolerance;
    private final Instant earliest;

    /**
     * Judges by a catalogue.
     *
     * @param futureTolerance by how much an effective time may lie after the arrival
     * @param earliest effective times before it are taken for a wrong clock
     */
    Judge(Catalogue catalogue, Centers centers, Duration futureTolerance, Instant earliest) {
        this.catalogue = catalogue;
        this.centers = centers;
        this.futureTolerance = futureTolerance;
        this.earliest = earliest;
    }

    /** Judges a reading that was taken when it arrived. */
    Judgement judge(Reading sent) {
        return judge(sent, sent.getReceivedAt());
    }

    /**
     * Judges a reading.
     *
     * @param takenAt when it came to be judged: its arrival, or its release from quarantine. What is late goes by this
     *     time, because the windows go on while a reading waits; the clock of the device is judged by the arrival.
     */
    Judgement judge(Reading sent, Instant takenAt) {
        Optional<Center> center = centers.center(sent.getCenter());
        if (center.isEmpty()) {
            return new Judgement.Quarantined(Reason.UNKNOWN_CENTER, "The center is not configured.");
        }
        Optional<Metric> metric = catalogue.metric(sent.getMetric());
        if (metric.isEmpty()) {
            return new Judgement.Quarantined(Reason.UNKNOWN_METRIC, "The metric is not in the catalogue.");
        }
        if (metric.get().madeOf().isPresent()) {
            return new Judgement.Quarantined(
                    Reason.UNKNOWN_METRIC,
                    "Metric " + sent.getMetric() + " is made by the service of "
                            + metric.get().madeOf().get() + ". Send that.");
        }
        Optional<Conversion> conversion = catalogue.conversion(sent.getMetric(), sent.getUnit());
        if (conversion.isEmpty()) {
            return new Judgement.Quarantined(
                    Reason.UNIT_NOT_ALLOWED,
                    "Metric " + sent.getMetric() + " is taken in " + catalogue.units(sent.getMetric()) + ".");
        }
        return timeProblem(sent, center.get())
                .<Judgement>map(problem -> problem)
                .orElseGet(() -> sent.getStatus() == ReadingStatus.WITHDRAWN
                        ? withdrawal(sent, takenAt, center.get(), metric.get())
                        : judgeValue(sent, takenAt, center.get(), metric.get(), conversion.get()));
    }

    private Optional<Judgement.Quarantined> timeProblem(Reading sent, Center center) {
        Duration futureTolerance = center.futureTolerance().orElse(this.futureTolerance);
        Instant earliest = center.earliest().orElse(this.earliest);
        Instant latest = sent.getReceivedAt().plus(futureTolerance);
        if (sent.getEnd() != null && !sent.getEnd().isAfter(sent.getTime())) {
            return Optional.of(new Judgement.Quarantined(
                    Reason.INTERVAL_REVERSED, "The end of the interval is not after its start."));
        }
        if (sent.getTime().isAfter(latest)
                || (sent.getEnd() != null && sent.getEnd().isAfter(latest))) {
            return Optional.of(new Judgement.Quarantined(
                    Reason.FUTURE_TIME,
                    "The effective time lies after the arrival by more than " + futureTolerance
                            + ". Set the device's clock and its time zone."));
        }
        if (sent.getTime().isBefore(earliest)) {
            return Optional.of(new Judgement.Quarantined(
                    Reason.ANCIENT_TIME, "The effective time lies before " + earliest + ". Set the device's clock."));
        }
        return Optional.empty();
    }

    /** What is withdrawn is named by its identity; its value does not matter. */
    private static Judgement withdrawal(Reading sent, Instant takenAt, Center center, Metric metric) {
        List<String> flags = new ArrayList<>(1);
        add(flags, Flag.LATE, Windows.late(sent.getTime(), takenAt, center.zone()));
        Reading withdrawal = copy(sent);
        withdrawal.setValue(0);
        withdrawal.setLimit(Limit.NONE);
        withdrawal.setUnit(metric.unit());
        withdrawal.setFlags(flags);
        return new Judgement.Valid(withdrawal);
    }

    static void add(List<String> flags, Flag flag, boolean is) {
        if (is) {
            flags.add(flag.code());
        }
    }

    private Judgement judgeValue(Reading sent, Instant takenAt, Center center, Metric metric, Conversion conversion) {
        if (sent.getReported().contains(CONTROL_SOLUTION)) {
            return new Judgement.Quarantined(
                    Reason.CONTROL_SOLUTION, "The device measured control solution, and not the subject.");
        }
        OptionalDouble limit = switch (sent.getLimit()) {
            case LOW -> metric.deviceLow();
            case HIGH -> metric.deviceHigh();
            case NONE, UNKNOWN -> OptionalDouble.empty();
        };
        if (limit.isEmpty() && sent.getLimit() != Limit.NONE) {
            return new Judgement.Quarantined(
                    Reason.IMPOSSIBLE_VALUE, "Metric " + metric.code() + " has no such device limit.");
        }
        double canonical = limit.orElseGet(() -> conversion.toCanonical(sent.getValue()));
        // A running count grows without bound.
        boolean count =
                RunningCounts.is(sent) && canonical >= metric.hard().min() && canonical < Double.POSITIVE_INFINITY;
        if (!count && !metric.hard().contains(canonical)) {
            return new Judgement.Quarantined(
                    Reason.IMPOSSIBLE_VALUE,
                    "The value lies outside what is possible for " + metric.code() + ", "
                            + (metric.hard().minExcluded() ? "above " : "")
                            + metric.hard().min() + " to "
                            + metric.hard().max() + " " + metric.unit() + ". Check the value and the unit.");
        }
        List<String> flags = new ArrayList<>(2);
        double value = censor(canonical, sent.getLimit(), metric, flags);
        add(flags, Flag.OUTSIDE_USUAL_RANGE, !count && !metric.usual().contains(value));
        add(flags, Flag.LATE, Windows.late(sent.getTime(), takenAt, center.zone()));
        add(flags, Flag.TIME_FAULT_REPORTED, sent.getReported().contains(TIME_FAULT));
        add(
                flags,
                Flag.CLOCK_SUSPECT,
                sent.getTime().isAfter(sent.getReceivedAt().plus(CLOCKS_DIFFER)));
        OptionalDouble step = metric.plausibility().step();
        add(flags, Flag.OFF_GRID, step.isPresent() && value % step.getAsDouble() != 0);
        Reading valid = copy(sent);
        valid.setValue(value);
        valid.setUnit(metric.unit());
        valid.setFlags(flags);
        if (flags.contains(Flag.BELOW_RANGE.code())) {
            valid.setLimit(Limit.LOW);
        } else if (flags.contains(Flag.ABOVE_RANGE.code())) {
            valid.setLimit(Limit.HIGH);
        }
        if (sent.getLimit() == Limit.NONE
                && (value != sent.getValue() || !metric.unit().equals(sent.getUnit()))) {
            valid.setSentValue(sent.getValue());
            valid.setSentUnit(sent.getUnit());
        }
        return new Judgement.Valid(valid);
    }

    /** Avro's own builder copies deeply and checks each field again, which costs more than all the rest of the judgement. */
    static Reading copy(Reading sent) {
        Reading copy = new Reading();
        for (int field = 0; field < sent.getSchema().getFields().size(); field++) {
            copy.put(field, sent.get(field));
        }
        return copy;
    }

    /** A value at or past a limit of the device says only that it lies there: it is kept as the limit. */
    private static double censor(double value, Limit limit, Metric metric, List<String> flags) {
        if (limit == Limit.LOW
                || (metric.deviceLow().isPresent()
                        && value <= metric.deviceLow().getAsDouble())) {
            flags.add(Flag.BELOW_RANGE.code());
            return metric.deviceLow().orElse(value);
        }
        if (limit == Limit.HIGH
                || (metric.deviceHigh().isPresent()
                        && value >= metric.deviceHigh().getAsDouble())) {
            flags.add(Flag.ABOVE_RANGE.code());
            return metric.deviceHigh().orElse(value);
        }
        return value;
    }
}
