package org.lifelog.local;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./lifelog up}. */
@Command(
        name = "up",
        sortOptions = false,
        description = "Starts Kafka, schema registry, database and all services on this machine, and runs until Ctrl-C."
                + " State survives a restart.")
final class UpCommand implements Runnable {
    @Mixin
    private PlatformOptions options;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public void run() {
        runUntilStopped(options, platform -> {});
    }

    /** What a command does with a service that is ready. It runs beside the wait for Ctrl-C and is interrupted by it. */
    interface Work {
        void with(Platform platform) throws InterruptedException;
    }

    /** Starts the service, works, and waits for Ctrl-C; then stops all in order. */
    static void runUntilStopped(PlatformOptions options, Work work) {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Platform platform = new Platform(options, line -> System.out.println("  " + line));
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread hook = new Thread(
                () -> {
                    interrupted.set(true);
                    main.interrupt();
                    System.out.println("stopping");
                    platform.close();
                    System.out.println("stopped");
                    stopped.countDown();
                },
                "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            platform.start();
            System.out.println("lifelog is ready");
            platform.addresses().forEach(System.out::println);
            work.with(platform);
            System.out.println("Ctrl-C ends it.");
            stopped.await();
        } catch (InterruptedException e) {
            awaitQuietly(stopped);
        } catch (RuntimeException e) {
            if (interrupted.get()) {
                // Ctrl-C in the middle of the start: what fails now fails because it is being stopped.
                awaitQuietly(stopped);
            } else {
                throw e;
            }
        }
    }

    private static void awaitQuietly(CountDownLatch stopped) {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
