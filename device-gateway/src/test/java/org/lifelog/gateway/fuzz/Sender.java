package org.lifelog.gateway.fuzz;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** One of several threads that send mutated messages of one protocol, the same ones for the same seed. */
abstract class Sender implements Callable<Void> {
    /** Every so many messages one is in order. */
    static final int GOOD_EVERY = 500;

    private static final int ANSWER_MILLIS = 60_000;
    private static final int MOST_FAULTS = 60;

    /** What all senders saw. */
    record Seen(Set<String> faults, Set<String> good, Set<String> acknowledged) {
        Seen() {
            this(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        }
    }

    final Random random;
    final Mutations mutations;
    final Seen seen;
    private final int number;
    private final int port;
    private final int messages;
    private int sent;
    private int good;

    /**
     * A sender.
     *
     * @param number tells the senders apart, 0 to 250
     * @param messages how many to send
     */
    Sender(long seed, int number, int port, int messages, Seen seen) {
        this.random = new Random(seed * 1_000 + number);
        this.mutations = new Mutations(random);
        this.number = number;
        this.port = port;
        this.messages = messages;
        this.seen = seen;
    }

    @Override
    public Void call() throws IOException {
        while (sent < messages && seen.faults().size() < MOST_FAULTS) {
            connection();
        }
        return null;
    }

    /** Makes a connection and sends some messages. */
    abstract void connection() throws IOException;

    /** From an address of its own, so that wrong passwords of others do not shut it out. */
    Socket connect(boolean wrongPasswords) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, (byte) (wrongPasswords ? 2 : 1), (byte) (number + 1)}),
                0));
        socket.setSoTimeout(ANSWER_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return socket;
    }

    /** Counts a message; true where one that is in order is due. */
    boolean count() {
        return ++sent / GOOD_EVERY > good;
    }

    /** Name of the next message that is in order: subject and sequence. */
    String nextGood() {
        String name = "F-" + number + "/" + good++;
        seen.good().add(name);
        return name;
    }

    /** The reading of that name. */
    static String reading(String name) {
        String[] parts = name.split("/");
        return "{\"subject\": \"" + parts[0] + "\", \"device\": \"fuzz-1\", \"metric\": \"heart_rate\", \"value\": 61,"
                + " \"unit\": \"/min\", \"time\": \"2026-11-24T00:00:00Z\", \"sequence\": " + parts[1] + "}";
    }

    void fault(String what, byte[] message) {
        if (seen.faults().size() < MOST_FAULTS) {
            seen.faults().add(what + " to " + HttpAnswer.printable(message));
        }
    }

    <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }
}
