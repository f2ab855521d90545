package org.lifelog.streams.research;

import java.util.Arrays;
import java.util.Base64;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Releases for tests, with keys that everybody knows. */
public final class Releases {
    static final String SUBJECT_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    static final String DEVICE_KEY = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

    private Releases() {}

    /** A release whose keys are the bytes 0 to 31 and 32 to 63, and whose models need two subjects. */
    public static Release of(String center, String name, int dateShiftWeeks) {
        return new Release(center, name, key(0), key(32), dateShiftWeeks, 2);
    }

    private static SecretKey key(int first) {
        byte[] bytes = new byte[32];
        IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) (first + i));
        return new SecretKeySpec(bytes, Pseudonyms.ALGORITHM);
    }

    /** What a file of such a release holds. */
    static String file(String name, int dateShiftWeeks) {
        return file(name, SUBJECT_KEY, DEVICE_KEY, dateShiftWeeks);
    }

    static String file(String name, String subjectKey, String deviceKey, int dateShiftWeeks) {
        return "release: " + name + "\nsubject_key: " + subjectKey + "\ndevice_key: " + deviceKey
                + "\ndate_shift_weeks: " + dateShiftWeeks + "\nmodel_subjects: 2\n";
    }

    /** A key of one byte over and over, as base64. */
    static String keyOf(int repeated) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) repeated);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
