package org.lifelog.load;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lifelog.embedded.EmbeddedKafka;

/**
 * Kafka as a process of its own, which can be paused and killed. It ends when its standard input does, which is when the
 * process that started it is gone.
 */
final class KafkaNode {
    private KafkaNode() {}

    /** Takes the folder of its data, its port, and a file that it makes when it accepts clients. */
    @SuppressWarnings("resource") // It is killed.
    public static void main(String[] arguments) throws IOException {
        EmbeddedKafka.start(Path.of(arguments[0]), "127.0.0.1", Integer.parseInt(arguments[1]));
        Files.createFile(Path.of(arguments[2]));
        System.in.transferTo(OutputStream.nullOutputStream());
        Runtime.getRuntime().halt(0);
    }
}
