package org.lifelog.streams.research;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ResearchAggregate;
import org.lifelog.avro.ResearchReading;
import org.lifelog.avro.ResearchStatus;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Centers;
import org.lifelog.contract.SubjectKey;

/**
 * Makes research records of readings and aggregates. Every field is named here one by one, so that a field that a later
 * version adds to a reading stays out until somebody decides about it.
 *
 * <p>Not safe for use by several threads.
 */
final class Pseudonymizer {
    private record Name(String center, String code) {}

    private record Subject(String pseudonym, DateShift shift) {}

    /** A device with its model as it was by a certain count. */
    private record ResearchDevice(String pseudonym, Optional<DeviceModel> model, long count) {}

    private final Map<String, Release> releases;
    private final Centers centers;
    private final Devices devices;
    private final DeviceModels models;
    private final Map<String, Pseudonyms> pseudonyms = new HashMap<>();
    private final RecentlyUsed<Name, Subject> subjectsSeen = new RecentlyUsed<>();
    private final RecentlyUsed<Name, ResearchDevice> devicesSeen = new RecentlyUsed<>();

    /**
     * Works with the keys of these releases.
     *
     * @param releases by the center's code; each center must be among the centers
     */
    Pseudonymizer(Map<String, Release> releases, Centers centers, Devices devices, DeviceModels models) {
        this.releases = releases;
        this.centers = centers;
        this.devices = devices;
        this.models = models;
        releases.forEach((center, release) -> pseudonyms.put(center, new Pseudonyms(release)));
    }

    /** The research record of a valid reading; empty where its center has none. */
    Optional<ResearchReading> of(Reading reading) {
        return Optional.ofNullable(releases.get(reading.getCenter())).map(release -> reading(reading, release));
    }

    /** The research record of an aggregate; empty where its center has none. */
    Optional<ResearchAggregate> of(Aggregate aggregate) {
        return Optional.ofNullable(releases.get(aggregate.getCenter())).map(release -> aggregate(aggregate, release));
    }

    /** The pseudonym of a subject; empty where its center has none. */
    Optional<String> of(SubjectKey subject) {
        return Optional.ofNullable(releases.get(subject.center()))
                .map(release -> subject(subject.center(), subject.name()).pseudonym());
    }

    private ResearchReading reading(Reading reading, Release release) {
        Subject subject = subject(reading.getCenter(), reading.getSubject());
        ResearchDevice device = device(reading.getCenter(), reading.getDevice());
        ResearchReading research = new ResearchReading();
        research.setRelease(release.name());
        research.setCenter(reading.getCenter());
        research.setPseudonym(subject.pseudonym());
        research.setDevicePseudonym(device.pseudonym());
        research.setManufacturer(
                device.model().flatMap(DeviceModel::manufacturer).orElse(null));
        research.setModel(device.model().map(DeviceModel::model).orElse(null));
        research.setMetric(reading.getMetric());
        research.setAttributes(reading.getAttributes());
        research.setValue(reading.getValue());
        research.setUnit(reading.getUnit());
        research.setLimit(reading.getLimit());
        research.setStatus(ResearchStatus.valueOf(reading.getStatus().name()));
        setTimes(research, reading, subject.shift());
        if (reading.getSequence() != null) {
            research.setSequenceTag(
                    pseudonyms.get(reading.getCenter()).sequenceTag(reading.getDevice(), reading.getSequence()));
        }
        research.setFlags(reading.getFlags());
        research.setSentValue(reading.getSentValue());
        research.setSentUnit(reading.getSentUnit());
        return research;
    }

    private static void setTimes(ResearchReading research, Reading reading, DateShift shift) {
        Instant time = shift.of(reading.getTime());
        research.setTime(time);
        if (reading.getEnd() != null) {
            research.setEnd(time.plus(Duration.between(reading.getTime(), reading.getEnd())));
        }
        if (reading.getOffsetSeconds() != null) {
            research.setOffsetSeconds(shift.offset(reading.getTime(), reading.getOffsetSeconds()));
        }
    }

    private ResearchAggregate aggregate(Aggregate aggregate, Release release) {
        Subject subject = subject(aggregate.getCenter(), aggregate.getSubject());
        ResearchAggregate research = new ResearchAggregate();
        research.setRelease(release.name());
        research.setCenter(aggregate.getCenter());
        research.setPseudonym(subject.pseudonym());
        research.setMetric(aggregate.getMetric());
        research.setAttributes(aggregate.getAttributes());
        research.setUnit(aggregate.getUnit());
        research.setWindow(aggregate.getWindow());
        research.setTime(subject.shift().of(aggregate.getTime()));
        research.setEnd(end(aggregate, subject.shift()));
        research.setN(aggregate.getN());
        research.setSum(aggregate.getSum());
        research.setMean(aggregate.getMean());
        research.setMin(aggregate.getMin());
        research.setMax(aggregate.getMax());
        research.setFirst(aggregate.getFirst());
        research.setLast(aggregate.getLast());
        research.setSd(aggregate.getSd());
        research.setBands(aggregate.getBands());
        research.setVersion(aggregate.getVersion());
        return research;
    }

    /** A day ends where the next one begins, whatever its length; a minute and an hour keep theirs. */
    private static Instant end(Aggregate aggregate, DateShift shift) {
        return aggregate.getWindow() == WindowSize.DAY
                ? shift.of(aggregate.getEnd())
                : shift.of(aggregate.getTime()).plus(Duration.between(aggregate.getTime(), aggregate.getEnd()));
    }

    private Subject subject(String center, String code) {
        return subjectsSeen.computeIfAbsent(new Name(center, code), name -> {
            Pseudonyms own = pseudonyms.get(center);
            DateShift shift = new DateShift(
                    own.shiftWeeks(code), centers.center(center).orElseThrow().zone());
            return new Subject(own.subject(code), shift);
        });
    }

    /** Its registration is looked up again after each count: it may have changed, and so may what is common. */
    private ResearchDevice device(String center, String code) {
        DeviceModels.Count count = models.last();
        Name name = new Name(center, code);
        ResearchDevice known = devicesSeen.get(name);
        if (known == null || known.count() != count.number()) {
            String pseudonym = known == null ? pseudonyms.get(center).device(code) : known.pseudonym();
            Optional<DeviceModel> model =
                    devices.find(center, code).flatMap(DeviceModel::of).filter(count.common()::contains);
            known = new ResearchDevice(pseudonym, model, count.number());
            devicesSeen.put(name, known);
        }
        return known;
    }
}
