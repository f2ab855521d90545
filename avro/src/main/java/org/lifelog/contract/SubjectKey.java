package org.lifelog.contract;

/**
 * Key of every topic that carries one subject's data: {@code center/subject}, or {@code center/~device} where the
 * subject is not known. It is plain UTF-8, so that the partition never depends on a schema id.
 *
 * @param center code of the center
 * @param name the subject, or the device with a tilde before it
 */
public record SubjectKey(String center, String name) {
    private static final char SEPARATOR = '/';
    private static final String DEVICE = "~";

    /** The key of a subject. */
    public static SubjectKey of(String center, String subject) {
        return new SubjectKey(center, subject);
    }

    /** The key of a device whose subject is not known. */
    public static SubjectKey ofDevice(String center, String device) {
        return of(center, unassigned(device));
    }

    /**
     * What stands for the subject in a reading that named only its device, while that is assigned to nobody. The key of
     * such a reading is {@link #of} with this subject.
     */
    public static String unassigned(String device) {
        return DEVICE + device;
    }

    /** Whether this stands for a subject that is not known; no code of a subject begins with a tilde. */
    public static boolean isUnassigned(String subject) {
        return subject.startsWith(DEVICE);
    }

    /**
     * Parses a key.
     *
     * @throws IllegalArgumentException where there is no center or no name
     */
    public static SubjectKey parse(String key) {
        int at = key == null ? -1 : key.indexOf(SEPARATOR);
        if (at < 1 || at == key.length() - 1) {
            throw new IllegalArgumentException("A key is center/subject or center/~device.");
        }
        return new SubjectKey(key.substring(0, at), key.substring(at + 1));
    }

    /** The key as it stands in Kafka. */
    @Override
    public String toString() {
        return center + SEPARATOR + name;
    }
}
