package org.lifelog.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.runtime.Passwords;

/**
 * The addresses and passwords of the service on this machine, as {@code credentials.json} in the data folder has them.
 * Readable by its owner only.
 */
public record ServiceCredentials(Gateway gateway, Portal portal, String kafka, String registry, Database database) {
    /** One account. */
    public record Account(String username, String password) {}

    /** Where vendors send, and as whom. */
    public record Gateway(String http, String mqtt, Map<String, Account> centers) {}

    /** Where clinicians look, and as whom. */
    public record Portal(String url, Map<String, Account> clinicians) {}

    /** Where SQL users connect. */
    public record Database(String url, String username, String password) {}

    private static final String FILE = "credentials.json";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * Reads the file of a service that is, or was, up.
     *
     * @throws UserException where there is none
     */
    public static ServiceCredentials read(Path data) {
        Path file = data.resolve(FILE);
        if (!Files.exists(file)) {
            throw new UserException("There is no " + file + ". Start the service first: ./lifelog up");
        }
        try {
            return JSON.readValue(file.toFile(), ServiceCredentials.class);
        } catch (IOException e) {
            throw new UserException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Writes the file, and beside it the files of hashes that gateway and portal read. */
    void write(Path data) {
        writePrivately(data.resolve(FILE), this);
        Map<String, Object> vendors = new LinkedHashMap<>();
        gateway.centers()
                .forEach((center, account) -> vendors.put(
                        account.username(), Map.of("center", center, "hash", Passwords.hash(account.password()))));
        writePrivately(vendorsFile(data), vendors);
        Map<String, Object> clinicians = new LinkedHashMap<>();
        portal.clinicians()
                .forEach((center, account) -> clinicians.put(
                        account.username(),
                        Map.of("center", center, "role", "clinician", "hash", Passwords.hash(account.password()))));
        writePrivately(cliniciansFile(data), clinicians);
    }

    static Path vendorsFile(Path data) {
        return data.resolve("gateway-credentials.json");
    }

    static Path cliniciansFile(Path data) {
        return data.resolve("portal-accounts.json");
    }

    /** The accounts of a role, one for each center: those that are there, and new ones at random for new centers. */
    static Map<String, Account> accounts(Centers centers, String role, Map<String, Account> known) {
        Map<String, Account> accounts = new LinkedHashMap<>();
        for (Center center : centers.all()) {
            accounts.put(
                    center.code(),
                    known.getOrDefault(center.code(), new Account(center.code() + "-" + role, Passwords.random())));
        }
        return accounts;
    }

    private static void writePrivately(Path file, Object content) {
        try {
            Path temporary = Files.createTempFile(file.getParent(), "credentials", ".tmp");
            if (temporary.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
            }
            JSON.writeValue(temporary.toFile(), content);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    /** Leaves the passwords out. */
    @Override
    public String toString() {
        return "ServiceCredentials[" + gateway.http() + ", " + gateway.mqtt() + ", " + portal.url() + "]";
    }
}
