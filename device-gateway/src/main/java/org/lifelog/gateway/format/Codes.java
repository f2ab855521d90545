package org.lifelog.gateway.format;

import java.util.Optional;
import java.util.regex.Pattern;

/** The form of subject and device codes: what is safe in keys, topics, URLs and SQL alike. */
public final class Codes {
    public static final String RULE = "1 to 64 letters, digits and . _ : @ -, beginning with a letter or digit";

    /** Resident registration numbers of Korea: a birth date, then a digit for century and sex and six more. */
    private static final Pattern NATIONAL_ID =
            Pattern.compile("\\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])-?[1-8]\\d{6}");

    private static final int NATIONAL_ID_DIGITS = 13;
    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._:@-]");
    private static final Pattern LEADING = Pattern.compile("^[^A-Za-z0-9]+");
    private static final int LONGEST = 64;

    private Codes() {}

    public static boolean valid(String code) {
        int length = code.length();
        if (length == 0 || length > LONGEST || !letterOrDigit(code.charAt(0))) {
            return false;
        }
        for (int i = 1; i < length; i++) {
            char c = code.charAt(i);
            if (!letterOrDigit(c) && c != '-' && c != '_' && c != '.' && c != ':' && c != '@') {
                return false;
            }
        }
        return true;
    }

    private static boolean letterOrDigit(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /**
     * The device code that a device's free name stands for: every character that no code has becomes {@code -}, what
     * stands before the first letter or digit is left out, and so is what comes after 64 characters.
     *
     * @return nothing where no letter or digit of the alphabet is in it
     */
    public static Optional<String> ofName(String name) {
        String code = UNSAFE.matcher(name).replaceAll("-");
        code = LEADING.matcher(code).replaceFirst("");
        return code.isEmpty() ? Optional.empty() : Optional.of(code.substring(0, Math.min(code.length(), LONGEST)));
    }

    /** Whether a subject code looks like a national id, which must not come in. */
    public static boolean nationalId(String code) {
        return (code.length() == NATIONAL_ID_DIGITS || code.length() == NATIONAL_ID_DIGITS + 1)
                && NATIONAL_ID.matcher(code).matches();
    }
}
