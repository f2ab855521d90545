package org.lifelog.embedded.testing;

import java.util.Optional;

/** What the environment says about the servers that tests use. */
final class Environment {

    private Environment() {}

    static Optional<String> value(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    static boolean isTrue(String name) {
        return value(name).filter("true"::equalsIgnoreCase).isPresent();
    }

    /** The run says on its output what it used; the value is passed through. */
    static <T> T announce(String line, T value) {
        System.out.println(line);
        return value;
    }
}
