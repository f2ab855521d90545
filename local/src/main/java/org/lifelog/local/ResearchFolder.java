package org.lifelog.local;

import java.nio.file.Path;
import org.lifelog.contract.Centers;
import org.lifelog.streams.research.ResearchKeys;

/** The keys for research of the service on this machine. */
final class ResearchFolder {
    private static final String FIRST_RELEASE = "1";
    private static final int DATE_SHIFT_WEEKS = 26;

    private ResearchFolder() {}

    /** The folder of the keys within the data folder. */
    static Path of(Path data) {
        return data.resolve("research");
    }

    /**
     * Makes keys at random for the centers that have none. The dates of places stay: what air they had is public, so that
     * their values would give the dates away, and without its season it says little.
     */
    static void prepare(Path data, Centers centers) {
        ResearchKeys keys = new ResearchKeys(of(data));
        centers.all().forEach(center -> keys.make(center.code(), FIRST_RELEASE, center.site() ? 0 : DATE_SHIFT_WEEKS));
    }
}
