package org.lifelog.embedded;

/** The port that a service was told to listen on is taken. */
public final class PortInUseException extends RuntimeException {

    private final String service;
    private final int port;

    /**
     * @param service what should have listened, as a reader knows it: {@code Kafka}, {@code schema registry}, ...
     * @param host the address that was asked for
     * @param port the port that is taken
     */
    public PortInUseException(String service, String host, int port) {
        super(service + ": port " + port + " on " + host + " is in use");
        this.service = service;
        this.port = port;
    }

    /** What should have listened: {@code Kafka}, {@code schema registry} or {@code database}. */
    public String service() {
        return service;
    }

    /** The port that is taken. */
    public int port() {
        return port;
    }
}
