package org.lifelog.load;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory that is filled and freed. Root may mount one. */
final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 1 << 16;

    private final Path folder;
    private final Path filler;

    /**
     * Mounts it over an empty folder.
     *
     * @throws IllegalStateException where this user, or this container, may not
     */
    SmallDisk(Path folder, int mib) {
        this.folder = folder;
        this.filler = folder.resolve("filler");
        DrillDatabase.command("mount", "-t", "tmpfs", "-o", "size=" + mib + "m", "tmpfs", folder.toString());
    }

    /** Takes every free byte. */
    void fill() {
        byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (Files.getFileStore(folder).getUsableSpace() > 0) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!isFull()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private boolean isFull() {
        try {
            return Files.getFileStore(folder).getUsableSpace() < BLOCK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void free() {
        try {
            Files.deleteIfExists(filler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        DrillDatabase.command("umount", folder.toString());
    }
}
