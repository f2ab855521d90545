package org.lifelog.runtime;

import java.util.List;

/** The configuration cannot be used; the message lists every problem, with the setting and what to do. */
public final class SettingException extends RuntimeException {
    SettingException(List<String> problems) {
        super("The configuration cannot be used:\n  " + String.join("\n  ", problems));
    }
}
