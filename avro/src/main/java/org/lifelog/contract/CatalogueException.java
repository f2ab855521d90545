package org.lifelog.contract;

import java.util.List;

/** The catalogue or the list of centers contradicts itself; the message lists every problem with its place. */
public final class CatalogueException extends RuntimeException {
    private final List<String> problems;

    CatalogueException(String what, List<String> problems) {
        super(what + " cannot be used:\n  " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, each with the file and the line or entry. */
    public List<String> problems() {
        return problems;
    }
}
