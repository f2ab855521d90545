package org.lifelog.streams.research;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.lifelog.contract.Centers;

/** The folder of the keys for research: a file {@code <center>.yaml} for each center that has research topics. */
public final class ResearchKeys {
    private final Path folder;

    /** The keys in a folder, such as a mounted secret. */
    public ResearchKeys(Path folder) {
        this.folder = folder;
    }

    /**
     * The releases of all centers that have a file, by the center's code.
     *
     * @throws KeysException with all problems at once: a file that is wrong, one of no center, keys that are there twice
     */
    public Map<String, Release> load(Centers centers) {
        List<String> problems = new ArrayList<>();
        Map<String, Release> releases = new TreeMap<>();
        for (String center : files(problems)) {
            if (centers.center(center).isEmpty()) {
                problems.add(center + ReleaseFile.SUFFIX + ": there is no center " + center);
            } else {
                new ReleaseFile(folder, center, problems).read().ifPresent(release -> releases.put(center, release));
            }
        }
        findKeysOfTwoCenters(releases, problems);
        if (!problems.isEmpty()) {
            throw new KeysException(folder, problems);
        }
        return releases;
    }

    /**
     * The release of one center.
     *
     * @throws KeysException where it has no file, or a wrong one
     */
    public Release load(String center) {
        List<String> problems = new ArrayList<>();
        return new ReleaseFile(folder, center, problems).read().orElseThrow(() -> new KeysException(folder, problems));
    }

    /**
     * Makes a file with new keys for a center that has none, readable by its owner only. A file that is there stays.
     *
     * @param dateShiftWeeks by how many weeks at most a subject's times are shifted; 0 for not at all
     */
    public void make(String center, String release, int dateShiftWeeks) {
        try {
            Files.createDirectories(folder, privately("rwx------"));
            Path file = Files.createFile(folder.resolve(center + ReleaseFile.SUFFIX), privately("rw-------"));
            Files.writeString(file, ReleaseFile.random(release, dateShiftWeeks), StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            // New keys would be new pseudonyms.
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write keys to " + folder, e);
        }
    }

    private FileAttribute<?>[] privately(String permissions) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** The centers that have a file. What begins with a dot is a mounted Secret's own. */
    private List<String> files(List<String> problems) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ReleaseFile.SUFFIX) && !name.startsWith("."))
                    .map(name -> name.substring(0, name.length() - ReleaseFile.SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problems.add("the folder cannot be read (" + e.getClass().getSimpleName() + ")");
            return List.of();
        }
    }

    private static void findKeysOfTwoCenters(Map<String, Release> releases, List<String> problems) {
        Map<SecretKey, String> owners = new HashMap<>();
        releases.forEach((center, release) -> {
            for (SecretKey key : List.of(release.subjectKey(), release.deviceKey())) {
                String owner = owners.putIfAbsent(key, center);
                if (owner != null) {
                    problems.add(center + ReleaseFile.SUFFIX + ": has a key of " + owner);
                }
            }
        });
    }
}
