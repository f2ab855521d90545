package org.lifelog.load;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The faults of {@link SinkDrill}, one after the other, and after how long each time the sinks wrote again. */
final class SinkFaults {
    private static final Duration LOOK_FOR_BATCH = Duration.ofSeconds(5);

    /** A measured time. */
    record Fault(String key, String label) {}

    private final DrillDatabase database;
    private final DrillSink sink;
    private final SinkProgress progress;
    private final Consumer<String> messages;
    private final Map<Fault, Double> seconds = new LinkedHashMap<>();

    SinkFaults(DrillDatabase database, DrillSink sink, SinkProgress progress, Consumer<String> messages) {
        this.database = database;
        this.sink = sink;
        this.progress = progress;
        this.messages = messages;
    }

    /** What was measured, in seconds. */
    Map<Fault, Double> seconds() {
        return seconds;
    }

    private void add(String key, String label, double measured) {
        seconds.put(new Fault(key, label), measured);
        messages.accept(String.format(Locale.ROOT, "%s: %.1f", label, measured));
    }

    private static void pause(int seconds) throws InterruptedException {
        TimeUnit.SECONDS.sleep(seconds);
    }

    void killDatabase(int times, int calm) throws InterruptedException {
        for (int kill = 1; kill <= times; kill++) {
            pause(calm);
            database.kill();
            database.restart();
            add(
                    "databaseKill" + kill + "Seconds",
                    "database killed " + kill + ": writing s after its restart",
                    progress.untilWriting());
        }
    }

    void pauseDatabase(int time, int calm) throws InterruptedException {
        pause(calm);
        database.pause();
        pause(time);
        String readiness = sink.readiness();
        database.goOn();
        messages.accept("paused database: " + readiness);
        add("databasePauseSeconds", "database paused: writing s after SIGCONT", progress.untilWriting());
    }

    /** Fills the disk until the sink says so, or the server gives up. */
    void fillDisk(SmallDisk disk, int calm) throws InterruptedException {
        pause(calm);
        disk.fill();
        DrillGround.await("a full disk", () -> sink.readiness().contains("53100") || !database.alive());
        messages.accept("full disk: " + sink.readiness());
        disk.free();
        if (!database.alive()) {
            messages.accept("the database had ended for want of disk, and is started as its supervisor would");
            database.restart();
        }
        add("diskFullSeconds", "disk full: writing s after there was room", progress.untilWriting());
    }

    void killSink(int times, int calm) throws InterruptedException {
        for (int kill = 1; kill <= times; kill++) {
            pause(calm);
            long end = System.nanoTime() + LOOK_FOR_BATCH.toNanos();
            boolean inBatch = progress.inBatch();
            while (!inBatch && System.nanoTime() < end) {
                inBatch = progress.inBatch();
            }
            sink.kill();
            sink.start();
            add(
                    "sinkKill" + kill + "Seconds",
                    "sink killed " + kill + (inBatch ? " in a batch" : "") + ": writing s after it",
                    progress.untilWriting());
        }
    }

    void joinAndLeave(DrillSink second, int calm, Duration time) throws InterruptedException {
        pause(calm);
        second.start();
        add("joinSeconds", "second sink joins: longest s without a write", progress.longestStandstill(time));
        messages.accept("the second sink has written " + second.batches() + " transactions");
        second.stop();
        add("leaveSeconds", "second sink leaves: longest s without a write", progress.longestStandstill(time));
    }

    void awaitWritten(long readings) throws InterruptedException {
        DrillGround.await("the last reading", () -> progress.written() >= readings);
    }
}
