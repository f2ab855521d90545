package org.lifelog.streams;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Flag;
import org.lifelog.contract.Metric;
import org.lifelog.contract.Windows;
import org.lifelog.streams.history.History;
import org.lifelog.streams.history.Known;
import org.lifelog.streams.history.Micros;

/**
 * Brings the readings that the streams make of others into line with those others: what is missing is added, what differs
 * is corrected, what no longer holds is withdrawn, and all of it is remembered. One that was withdrawn leaves nothing
 * behind, since no sender has taken it back: it may come again, and a sender may send one of the same identity.
 */
final class DerivedReadings {
    /**
     * A reading that was added, corrected or withdrawn.
     *
     * @param reading to pass on
     * @param before what it replaces or takes back; null for nothing
     * @param rows how many it adds
     */
    record Change(Reading reading, Known before, int rows) {}

    /**
     * A reading that is made of others, or what is remembered in its place.
     *
     * @param known its time, device, end and value; it has no sequence
     */
    record Derived(String metric, String attributes, Known known) {
        private String identity() {
            return metric + '/' + attributes + '/' + known.time() + '/' + known.device();
        }
    }

    private final Catalogue catalogue;
    private final Centers centers;
    private final History history;

    DerivedReadings(Catalogue catalogue, Centers centers, History history) {
        this.catalogue = catalogue;
        this.centers = centers;
        this.history = history;
    }

    /**
     * What has to change so that what is wanted is there. What a sender has sent itself stays.
     *
     * @param source the reading that was taken, corrected or withdrawn; center, subject and sender are taken from it
     * @param there all that is remembered where the source may have changed something
     * @param takenAt when the source came to be judged
     */
    List<Change> changes(Reading source, Collection<Derived> wanted, Collection<Derived> there, Instant takenAt) {
        Map<String, Derived> gone = new LinkedHashMap<>();
        there.forEach(derived -> gone.put(derived.identity(), derived));
        List<Change> changes = new ArrayList<>();
        for (Derived derived : wanted) {
            Derived before = gone.remove(derived.identity());
            if (before == null) {
                changes.add(change(source, derived, ReadingStatus.FINAL, null, 1, takenAt));
            } else if (!before.known.counts()) {
                changes.add(change(source, derived, ReadingStatus.CORRECTED, null, 1, takenAt));
            } else if (before.known.status() == Known.Status.DERIVED && !before.known.saysTheSameAs(derived.known)) {
                changes.add(change(source, derived, ReadingStatus.CORRECTED, before.known, 0, takenAt));
            }
        }
        for (Derived derived : gone.values()) {
            if (derived.known.status() == Known.Status.DERIVED) {
                changes.add(change(source, derived, ReadingStatus.WITHDRAWN, derived.known, -1, takenAt));
            }
        }
        return changes;
    }

    private Change change(
            Reading source, Derived derived, ReadingStatus status, Known before, int rows, Instant takenAt) {
        boolean withdrawn = status == ReadingStatus.WITHDRAWN;
        Metric metric = catalogue.metric(derived.metric).orElseThrow();
        Reading reading = Judge.copy(source);
        reading.setDevice(derived.known.device());
        reading.setMetric(derived.metric);
        reading.setAttributes(derived.attributes);
        reading.setTime(Micros.toInstant(derived.known.time()));
        reading.setEnd(withdrawn || derived.known.end() == Known.NONE ? null : Micros.toInstant(derived.known.end()));
        reading.setValue(withdrawn ? 0 : derived.known.value());
        reading.setUnit(metric.unit());
        reading.setSequence(null);
        reading.setPriority(derived.known.priority());
        reading.setSentValue(null);
        reading.setSentUnit(null);
        reading.setStatus(status);
        reading.setReported(List.of());
        reading.setFlags(flags(reading, metric, rows == 0, takenAt));
        History.Place place = history.place(HistoryJudge.series(reading), derived.known, takenAt);
        if (withdrawn) {
            place.forget();
        } else {
            place.remember(Known.of(reading), takenAt);
        }
        return new Change(reading, before, rows);
    }

    private List<String> flags(Reading reading, Metric metric, boolean corrected, Instant takenAt) {
        List<String> flags = new ArrayList<>(3);
        flags.add(Flag.DERIVED.code());
        Judge.add(flags, Flag.CORRECTED, corrected);
        Judge.add(
                flags,
                Flag.OUTSIDE_USUAL_RANGE,
                reading.getStatus() != ReadingStatus.WITHDRAWN
                        && !metric.usual().contains(reading.getValue()));
        Judge.add(
                flags,
                Flag.LATE,
                Windows.late(
                        reading.getTime(),
                        takenAt,
                        centers.center(reading.getCenter()).orElseThrow().zone()));
        return flags;
    }
}
