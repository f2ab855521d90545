package org.lifelog.runtime;

import java.nio.file.Path;
import java.util.List;

/** A service of two parts that say what happens to them; the main class of child processes in tests. */
final class TinyService {
    private static final Setting<String> GREETING = Setting.text("tiny.greeting", "What it says when it is up.");
    private static final Setting<Integer> COUNT = Setting.number("tiny.count", 1, 1, 9, "How often.");
    private static final Setting<String> FAILURE = Setting.text("tiny.failure", "none", "How it fails.");

    private TinyService() {}

    public static void main(String[] arguments) {
        Service.run("tiny", List.of(GREETING, COUNT, FAILURE), arguments, TinyService::start);
    }

    private static void start(Settings settings, Service service) throws Exception {
        service.closeAtEnd(() -> System.out.println("closed first part"));
        service.closeAtEnd(() -> {
            throw new IllegalStateException("this part does not close in order");
        });
        service.closeAtEnd(() -> System.out.println("closed last part"));
        switch (settings.get(FAILURE)) {
            case "exception" -> throw new Exception("the first part is broken");
            case "error" -> throw new NoClassDefFoundError("a/library/that/is/not/There");
            case "port" -> throw new PortInUseException("127.0.0.1", 8080, "tiny.port");
            case "later" -> new Thread(() -> service.fail("a part ended", new IllegalStateException("broken"))).start();
            default ->
                System.out.println(
                        settings.get(GREETING) + " on " + service.management().port());
        }
    }

    /** The command that runs it in a JVM of its own. */
    static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TinyService.class.getName());
    }
}
