package org.lifelog.portal;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lifelog.contract.Centers;

/** The local accounts, read once from a file. Immutable. */
public final class Accounts {
    private static final String CLINICIAN = "clinician";
    private static final String HASH = "pbkdf2-sha256\\$[1-9]\\d{3,8}\\$[A-Za-z0-9+/]+={0,2}\\$[A-Za-z0-9+/]+={0,2}";

    private record Entry(String center, String role, String hash) {}

    private final Map<String, Account> accounts;

    private Accounts(Map<String, Account> accounts) {
        this.accounts = accounts;
    }

    /**
     * The accounts of a JSON file.
     *
     * @throws IllegalStateException with all problems: it cannot be read, a center is not configured, a role is not
     *     known, a hash is not one of {@link org.lifelog.runtime.Passwords#hash}
     */
    public static Accounts load(Path file, Centers centers) {
        Map<String, Entry> entries;
        try {
            entries = new ObjectMapper().readValue(file.toFile(), new TypeReference<LinkedHashMap<String, Entry>>() {});
        } catch (IOException e) {
            // Without the parser's message, which quotes the file.
            throw new IllegalStateException("The accounts in " + file + " cannot be read ("
                    + e.getClass().getSimpleName() + "). Set " + PortalSettings.ACCOUNTS.name()
                    + " to a JSON file of {\"username\": {\"center\", \"role\", \"hash\"}}.");
        }
        List<String> problems = new ArrayList<>();
        Map<String, Account> accounts = new LinkedHashMap<>();
        entries.forEach((username, entry) -> {
            problemWith(entry, centers)
                    .ifPresentOrElse(
                            problem -> problems.add(username + ": " + problem),
                            () -> accounts.put(
                                    username, new Account(username, entry.center(), entry.role(), entry.hash())));
        });
        if (!problems.isEmpty()) {
            throw new IllegalStateException(
                    "The accounts in " + file + " cannot be used: " + String.join("; ", problems));
        }
        return new Accounts(accounts);
    }

    private static Optional<String> problemWith(Entry entry, Centers centers) {
        if (entry == null
                || entry.center() == null
                || centers.center(entry.center()).isEmpty()) {
            return Optional.of("the center is missing or not configured");
        }
        if (!CLINICIAN.equals(entry.role())) {
            return Optional.of("the role must be " + CLINICIAN);
        }
        if (entry.hash() == null || !entry.hash().matches(HASH)) {
            return Optional.of("the hash is missing or not of the form pbkdf2-sha256$iterations$salt$hash");
        }
        return Optional.empty();
    }

    /** The account of a username. */
    public Optional<Account> account(String username) {
        return Optional.ofNullable(accounts.get(username));
    }
}
