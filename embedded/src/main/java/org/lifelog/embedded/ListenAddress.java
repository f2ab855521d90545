package org.lifelog.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Where a service listens. The port is known to have been free a moment ago; the service binds it itself.
 *
 * @param host a name or an address of this machine
 * @param port 1 to 65535
 */
record ListenAddress(String host, int port) {

    /**
     * An address that is free now.
     *
     * @param service who will listen, for the exception
     * @param port 0 for any free port
     * @throws PortInUseException if the port is taken
     * @throws IllegalArgumentException if the host is unknown, not of this machine, or a wildcard: clients are told
     *     this address, so it must be one that they can connect to
     */
    static ListenAddress claim(String service, String host, int port) {
        InetAddress address = resolve(service, host);
        try (ServerSocket socket = new ServerSocket()) {
            // A connection of the last run that is still in TIME_WAIT must not keep the port.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return new ListenAddress(host, socket.getLocalPort());
        } catch (BindException e) {
            if (port != 0 && isLocal(address)) {
                throw new PortInUseException(service, host, port);
            }
            throw new IllegalArgumentException(service + ": cannot listen on " + host + ":" + port, e);
        } catch (IOException e) {
            throw new UncheckedIOException(service + ": cannot listen on " + host + ":" + port, e);
        }
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static InetAddress resolve(String service, String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (address.isAnyLocalAddress()) {
                throw new IllegalArgumentException(service + ": " + host + " is not an address to connect to");
            }
            return address;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(service + ": unknown host " + host, e);
        }
    }

    private static boolean isLocal(InetAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
