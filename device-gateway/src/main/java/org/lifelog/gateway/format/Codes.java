package org.lifelog.gateway.format;

import java.util.regex.Pattern;

/** The form of subject and device codes: what is safe in keys, topics, URLs and SQL alike. */
public final class Codes {
    public static final String RULE = "1 to 64 letters, digits and . _ : @ -, beginning with a letter or digit";

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@-]{0,63}");
    /** Resident registration numbers of Korea: a birth date, then a digit for century and sex and six more. */
    private static final Pattern NATIONAL_ID =
            Pattern.compile("\\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])-?[1-8]\\d{6}");

    private Codes() {}

    public static boolean valid(String code) {
        return CODE.matcher(code).matches();
    }

    /** Whether a subject code looks like a national id, which must not come in. */
    public static boolean nationalId(String code) {
        return NATIONAL_ID.matcher(code).matches();
    }
}
