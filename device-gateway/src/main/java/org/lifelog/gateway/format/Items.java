package org.lifelog.gateway.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.failure.Refusal;

/** Collects the items of one message, each with its place, and what became of it. An item is taken or refused as a whole. */
public final class Items {
    /** Most items in one message. */
    public static final int MOST = ReadingDecoder.MOST_READINGS;

    private final Catalogue catalogue;
    private final Origin origin;
    private final byte[] body;
    private final List<Reading> readings = new ArrayList<>();
    private final List<Decoded.Refused> refused = new ArrayList<>();
    private int count;

    /**
     * The items of a message.
     *
     * @param body its bytes, of which those of refused items are kept
     */
    public Items(Catalogue catalogue, Origin origin, byte[] body) {
        this.catalogue = catalogue;
        this.origin = origin;
        this.body = body;
    }

    /** Makes the readings of one item. */
    public interface Mapping {
        /** The forms of its readings, none of them where it holds none; or an {@link ItemRefusal}. */
        List<ReadingForm> map();
    }

    /**
     * Adds the next item: all of its readings, or the first thing that is wrong with it.
     *
     * @param start its first byte in the body
     * @param end the byte after its last one
     * @return the readings of this item, or the problem
     * @throws Refusal there are more than {@link #MOST}
     */
    public Outcome add(int start, int end, Mapping mapping) {
        int index = count;
        checkCount();
        count++;
        List<Reading> taken = new ArrayList<>(2);
        try {
            for (ReadingForm form : mapping.map()) {
                ReadingForm.Result result = form.toReading(catalogue, origin);
                if (result instanceof ReadingForm.Good good) {
                    taken.add(good.reading());
                } else if (result instanceof ReadingForm.Bad bad) {
                    throw new ItemRefusal(bad.code(), bad.detail());
                }
            }
        } catch (ItemRefusal refusal) {
            Problem problem = new Problem(index, refusal.code(), refusal.getMessage());
            refused.add(new Decoded.Refused(problem, Arrays.copyOfRange(body, start, end)));
            return new Refused(problem);
        }
        readings.addAll(taken);
        return new Taken(taken);
    }

    /** What became of an item. */
    public sealed interface Outcome {}

    /** Its readings; none for an item that is only read for the others' sake. */
    public record Taken(List<Reading> readings) implements Outcome {}

    /** Why it is refused. */
    public record Refused(Problem problem) implements Outcome {}

    /** Refuses the message where there is no place for one more item. */
    public void checkCount() {
        if (count == MOST) {
            throw new Refusal(Failure.TOO_LARGE, "There are more than " + MOST + " readings. Send smaller batches.");
        }
    }

    /**
     * What the message holds.
     *
     * @throws Refusal there was no item at all
     */
    public Decoded decoded() {
        if (count == 0) {
            throw new Refusal(Failure.EMPTY_BATCH, "There is no reading in it.");
        }
        return new Decoded(readings, refused);
    }
}
