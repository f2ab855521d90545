package org.lifelog.streams.research;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of one center's release, {@code <center>.yaml}. What is wrong with it is said without a word of its content,
 * which may be a key that stands in the wrong place.
 */
final class ReleaseFile {
    static final String SUFFIX = ".yaml";

    private static final Logger LOG = LoggerFactory.getLogger(ReleaseFile.class);
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final int KEY_BYTES = 32;
    private static final int MOST_WEEKS = 104;
    private static final int USUAL_MODEL_SUBJECTS = 10;
    private static final int MOST_MODEL_SUBJECTS = 1_000;
    /** Reading by the group is left out: a Secret of Kubernetes is read by the group of the pod. */
    private static final Set<PosixFilePermission> TOO_OPEN = EnumSet.of(
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private record Content(
            String release,
            @JsonProperty("subject_key") String subjectKey,
            @JsonProperty("device_key") String deviceKey,
            @JsonProperty("date_shift_weeks") Integer dateShiftWeeks,
            @JsonProperty("model_subjects") Integer modelSubjects) {}

    private final Path file;
    private final List<String> problems;

    /**
     * The file of a center in a folder.
     *
     * @param problems takes what is wrong
     */
    ReleaseFile(Path folder, String center, List<String> problems) {
        this.file = folder.resolve(center + SUFFIX);
        this.problems = problems;
    }

    /** The release; empty where something is wrong. */
    Optional<Release> read() {
        int before = problems.size();
        warnWhereOpen();
        Content content;
        try (InputStream in = Files.newInputStream(file)) {
            content = YAML.readValue(in, Content.class);
        } catch (JsonProcessingException e) {
            problem("is not YAML with release, subject_key, device_key, date_shift_weeks and model_subjects only");
            return Optional.empty();
        } catch (IOException e) {
            problem("cannot be read (" + e.getClass().getSimpleName() + ")");
            return Optional.empty();
        }
        if (content == null) {
            problem("is empty");
            return Optional.empty();
        }
        Optional<SecretKey> subjectKey = key("subject_key", content.subjectKey());
        Optional<SecretKey> deviceKey = key("device_key", content.deviceKey());
        if (subjectKey.isPresent() && subjectKey.equals(deviceKey)) {
            problem("subject_key and device_key are the same");
        }
        // It becomes part of what the pseudonyms are made of, where a zero byte parts it from its neighbours.
        if (content.release() == null || !content.release().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,31}")) {
            problem("release is missing, or is not up to 32 letters, digits, dots and hyphens");
        }
        int weeks = number("date_shift_weeks", content.dateShiftWeeks(), 0, MOST_WEEKS);
        int subjects = content.modelSubjects() == null
                ? USUAL_MODEL_SUBJECTS
                : number("model_subjects", content.modelSubjects(), 1, MOST_MODEL_SUBJECTS);
        if (problems.size() > before) {
            return Optional.empty();
        }
        return Optional.of(new Release(
                center(), content.release(), subjectKey.orElseThrow(), deviceKey.orElseThrow(), weeks, subjects));
    }

    /** A file with new keys at random. */
    static String random(String release, int dateShiftWeeks) {
        return "# The keys of the pseudonyms. Keep a copy apart from Kafka and the database; who has it can name everybody.\n"
                + "release: " + release + "\n"
                + "subject_key: " + randomKey() + "\n"
                + "device_key: " + randomKey() + "\n"
                + "date_shift_weeks: " + dateShiftWeeks + "\n"
                + "model_subjects: " + USUAL_MODEL_SUBJECTS + "\n";
    }

    private static String randomKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private Optional<SecretKey> key(String name, String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            problem(name + " is not base64");
            return Optional.empty();
        }
        if (bytes.length < KEY_BYTES) {
            problem(name + " has " + bytes.length + " bytes and needs " + KEY_BYTES + " at least; openssl rand -base64 "
                    + KEY_BYTES + " makes one");
            return Optional.empty();
        }
        SecretKey key = new SecretKeySpec(bytes, Pseudonyms.ALGORITHM);
        Arrays.fill(bytes, (byte) 0);
        return Optional.of(key);
    }

    private int number(String name, Integer value, int min, int max) {
        if (value == null || value < min || value > max) {
            problem(name + " is missing, or is not from " + min + " to " + max);
            return min;
        }
        return value;
    }

    private void warnWhereOpen() {
        try {
            Set<PosixFilePermission> open = EnumSet.copyOf(TOO_OPEN);
            open.retainAll(Files.getPosixFilePermissions(file));
            if (!open.isEmpty()) {
                LOG.warn("{} holds keys and is open to others: {}. chmod 600 mends it.", file, open);
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("Cannot tell who may read {}", file, e);
        }
    }

    private String center() {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    private void problem(String what) {
        problems.add(file.getFileName() + ": " + what);
    }
}
