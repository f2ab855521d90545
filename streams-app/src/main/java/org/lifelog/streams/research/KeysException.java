package org.lifelog.streams.research;

import java.nio.file.Path;
import java.util.List;

/** The keys for research cannot be used; the message lists every problem with its file, and no key. */
public final class KeysException extends RuntimeException {
    private final List<String> problems;

    KeysException(Path place, List<String> problems) {
        super("The keys for research in " + place + " cannot be used:\n  " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, each with its file. */
    public List<String> problems() {
        return problems;
    }
}
