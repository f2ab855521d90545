package org.lifelog.streams.research;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Makes the pseudonyms of one release: HMAC-SHA-256 of what is named, cut to its first 128 bits, in base64url. What is
 * hashed begins with its kind, the center and the release, parted by zero bytes, so that nothing has the pseudonym of
 * something else.
 *
 * <p>Not safe for use by several threads.
 */
public final class Pseudonyms {
    static final String ALGORITHM = "HmacSHA256";

    private static final int PSEUDONYM_BYTES = 16;
    /** Tells apart the few readings of one device at one instant. */
    private static final int TAG_BYTES = 8;

    private static final char SEPARATOR = '\u0000';
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final Release release;
    private final Mac subjects;
    private final Mac devices;

    /** Makes pseudonyms with the keys of a release. */
    public Pseudonyms(Release release) {
        this.release = release;
        this.subjects = mac(release.subjectKey());
        this.devices = mac(release.deviceKey());
    }

    /** The pseudonym of a subject of the center. */
    public String subject(String code) {
        return text(hmac(subjects, "subject", code), PSEUDONYM_BYTES);
    }

    /** The pseudonym of a device of the center. */
    public String device(String code) {
        return text(hmac(devices, "device", code), PSEUDONYM_BYTES);
    }

    /** What stands for a device's own number of a reading, from which neither the number nor the order can be told. */
    String sequenceTag(String device, long sequence) {
        return text(hmac(devices, "sequence", device + SEPARATOR + sequence), TAG_BYTES);
    }

    /**
     * By how many weeks all times of a subject are shifted. Never 0 where the release shifts, since one subject of many
     * would otherwise keep its dates.
     */
    int shiftWeeks(String subject) {
        int most = release.dateShiftWeeks();
        if (most == 0) {
            return 0;
        }
        long random = ByteBuffer.wrap(hmac(subjects, "date-shift", subject)).getLong();
        int choice = (int) Long.remainderUnsigned(random, 2L * most);
        return choice < most ? choice - most : choice - most + 1;
    }

    private byte[] hmac(Mac mac, String kind, String name) {
        String message = kind + SEPARATOR + release.center() + SEPARATOR + release.name() + SEPARATOR + name;
        return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] hmac, int bytes) {
        return BASE64URL.encodeToString(Arrays.copyOf(hmac, bytes));
    }

    private static Mac mac(SecretKey key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM + " with keys of any length", e);
        }
    }
}
