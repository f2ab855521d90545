package org.lifelog.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The services open their ports late and in processes of their own, so a busy one is told before anything starts. */
final class PortCheck {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int SERVICES = 4;

    private PortCheck() {}

    /**
     * Looks whether the ports of the services are free.
     *
     * @throws UserException with the first one that is not, and the option that moves it
     */
    static void check(PlatformOptions options) {
        checkPort(options.host, options.httpPort, "http-port");
        checkPort(options.host, options.mqttPort, "mqtt-port");
        checkPort(options.host, options.portalPort, "portal-port");
        for (int i = 0; i < SERVICES; i++) {
            checkPort(LOOPBACK, options.managementPort + i, "management-port");
        }
    }

    private static void checkPort(String host, int port, String option) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException e) {
            throw new UserException(
                    "Port " + port + " on " + host + " is in use. Choose another with --" + option + ".", e);
        }
    }
}
