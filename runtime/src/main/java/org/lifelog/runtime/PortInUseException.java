package org.lifelog.runtime;

/** A port is taken by another process. */
public final class PortInUseException extends RuntimeException {
    /**
     * Names the port and what to do.
     *
     * @param option the setting or option that moves the service to another port
     */
    public PortInUseException(String host, int port, String option) {
        super("Port " + port + " on " + host + " is in use by another process. Set " + option + " to another port.");
    }
}
