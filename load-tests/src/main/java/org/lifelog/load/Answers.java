package org.lifelog.load;

import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** What a gateway answered during a drill, and when. */
final class Answers {
    /** What is said of a message. */
    enum Kind {
        ACKNOWLEDGED,
        /** 503 over HTTP; DISCONNECT 0x89 or CONNACK 0x88 over MQTT. */
        UNAVAILABLE,
        /** Anything else that is no acknowledgement; over HTTP with the gateway up there should be none. */
        OTHER
    }

    /** An answer; by {@link System#nanoTime}. */
    record Answer(String protocol, Kind kind, long sentNanos, long answeredNanos) {
        long micros() {
            return (answeredNanos - sentNanos) / 1_000;
        }
    }

    private final ConcurrentLinkedQueue<Answer> all = new ConcurrentLinkedQueue<>();

    void add(String protocol, Kind kind, long sentNanos) {
        all.add(new Answer(protocol, kind, sentNanos, System.nanoTime()));
    }

    private Stream<Answer> of(String protocol) {
        return all.stream().filter(answer -> answer.protocol().equals(protocol));
    }

    /** How long answers took that were waited for within a time, in microseconds. */
    Histogram waitedFor(String protocol, long fromNanos, long toNanos) {
        return latencies(
                of(protocol).filter(answer -> answer.answeredNanos() >= fromNanos && answer.sentNanos() < toNanos));
    }

    /** How long answers to messages sent within a time took, in microseconds. */
    Histogram sent(String protocol, long fromNanos, long toNanos) {
        return latencies(
                of(protocol).filter(answer -> answer.sentNanos() >= fromNanos && answer.sentNanos() < toNanos));
    }

    private static Histogram latencies(Stream<Answer> answers) {
        Histogram histogram = new Histogram(3);
        answers.forEach(answer -> histogram.recordValue(Math.max(0, answer.micros())));
        return histogram;
    }

    /** When the first answer of a kind came after a time. */
    OptionalLong first(String protocol, Kind kind, long fromNanos) {
        return of(protocol)
                .filter(answer -> answer.kind() == kind && answer.answeredNanos() >= fromNanos)
                .mapToLong(Answer::answeredNanos)
                .min();
    }

    long count(String protocol, Kind kind) {
        return of(protocol).filter(answer -> answer.kind() == kind).count();
    }
}
