package org.lifelog.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The readiness checks of a service, by name. A check must answer at once: it looks at what the service knows already. */
public final class Health {
    /**
     * What a check found.
     *
     * @param ok whether the service can do its work as far as this check goes
     * @param detail for people: what is wrong and what is being done, or what is well
     */
    public record Check(boolean ok, String detail) {
        /** All is well. */
        public static Check up(String detail) {
            return new Check(true, detail);
        }

        /** The service cannot do its work now. */
        public static Check down(String detail) {
            return new Check(false, detail);
        }
    }

    /** Looks at one thing. */
    public interface Probe {
        /** What it looks like now. */
        Check check();
    }

    private final Map<String, Probe> probes = new ConcurrentSkipListMap<>();

    /** Adds a check, or replaces the one of that name. */
    public void add(String name, Probe probe) {
        probes.put(name, probe);
    }

    /** The result of every check. One that throws is down. */
    public Map<String, Check> checks() {
        Map<String, Check> checks = new LinkedHashMap<>();
        probes.forEach((name, probe) -> {
            Check check;
            try {
                check = probe.check();
            } catch (RuntimeException e) {
                check = Check.down("the check failed with " + e.getClass().getSimpleName());
            }
            checks.put(name, check);
        });
        return checks;
    }
}
