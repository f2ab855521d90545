package org.lifelog.streams;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.lifelog.contract.SubjectKey;
import org.lifelog.streams.history.History;

/**
 * Forgets a subject: what is remembered of its readings, so that nothing of it is left in the state and its changelogs,
 * and whatever comes of it later is new. The windows forget it by themselves.
 */
final class Erasure {
    /** Stores whose keys begin with a center and a subject. */
    private static final List<String> BY_SUBJECT = List.of(History.STORE, SeenReadings.STORE, DeviceClocks.STORE);

    private final List<KeyValueStore<String, ?>> stores = new ArrayList<>();
    private final ParkedReadings parked;

    Erasure(ProcessorContext<?, ?> context, ParkedReadings parked) {
        BY_SUBJECT.forEach(name -> stores.add(context.getStateStore(name)));
        this.parked = parked;
    }

    void erase(SubjectKey subject) {
        for (KeyValueStore<String, ?> store : stores) {
            erase(store, subject);
        }
        parked.erase(subject);
    }

    /** From here on lie the keys of what is remembered of a subject, the names of its series among them. */
    static String first(SubjectKey subject) {
        return subject.center() + History.SEPARATOR + subject.name() + History.SEPARATOR;
    }

    /** And until here, where the least character after the separator stands, so that no other one is left out. */
    static String last(SubjectKey subject) {
        return subject.center() + History.SEPARATOR + subject.name() + (char) (History.SEPARATOR + 1);
    }

    private static void erase(KeyValueStore<String, ?> store, SubjectKey subject) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, ?> entries = store.range(first(subject), last(subject))) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(store::delete);
    }
}
