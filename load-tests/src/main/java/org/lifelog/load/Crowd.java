package org.lifelog.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Many connections that are opened and then left alone. They come from as many addresses of loopback as are needed, since
 * each has some 28,000 ports. All of it runs on one thread.
 */
final class Crowd implements LoadConnection.Owner {
    /** Makes a connection of an owner by its number. */
    interface Maker {
        LoadConnection make(LoadConnection.Owner owner, int number);
    }

    private static final int CONNECTIONS_OF_AN_ADDRESS = 20_000;
    private static final int CONNECTING_AT_A_TIME = 100;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final InetSocketAddress address;
    private final int wanted;
    private final Maker maker;
    /** With the time at which each was ready, in nanoseconds. */
    private final Map<LoadConnection, Long> open = new HashMap<>();

    private final CompletableFuture<Integer> opened = new CompletableFuture<>();
    private final CompletableFuture<Double> gone = new CompletableFuture<>();
    private long longestNanos;
    private int begun;
    private int settled;

    /**
     * Connects to nothing yet.
     *
     * @param wanted how many connections
     */
    Crowd(EventLoop loop, InetSocketAddress address, int wanted, Maker maker) {
        this.loop = loop;
        this.address = address;
        this.wanted = wanted;
        this.maker = maker;
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000);
    }

    /** Opens them, the first one alone: after that the gateway knows the password. Tells how many are ready. */
    CompletableFuture<Integer> open() {
        loop.execute(this::connect);
        return opened;
    }

    private void connect() {
        int number = begun++;
        LoadConnection connection = maker.make(this, number);
        bootstrap
                .clone()
                .handler(connection)
                .connect(address, new InetSocketAddress(source(number), 0))
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        settle();
                    }
                });
    }

    private static String source(int number) {
        return "127.0.1." + (1 + number / CONNECTIONS_OF_AN_ADDRESS);
    }

    private void settle() {
        settled++;
        for (int more = begun == 1 ? CONNECTING_AT_A_TIME : 1; more > 0 && begun < wanted; more--) {
            connect();
        }
        if (settled == wanted) {
            opened.complete(open.size());
        }
    }

    /** Tells when none is open any more: how long the one that was longest was ready, in seconds. */
    CompletableFuture<Double> gone() {
        return gone;
    }

    /** How many are open. */
    int size() {
        return GatewayLoad.await(CompletableFuture.supplyAsync(open::size, loop));
    }

    /** Closes them. */
    void close() {
        loop.execute(() -> List.copyOf(open.keySet()).forEach(LoadConnection::close));
    }

    @Override
    public void ready(LoadConnection connection) {
        open.put(connection, System.nanoTime());
        settle();
    }

    @Override
    public void answered(LoadConnection connection, long intendedNanos, boolean taken, boolean wasFull) {
        if (taken) {
            ready(connection);
        } else {
            connection.close();
        }
    }

    @Override
    public void told() {
        // Nothing is sent after the beginning.
    }

    @Override
    public void lost(LoadConnection connection, int unanswered) {
        Long since = open.remove(connection);
        if (since == null) {
            settle();
            return;
        }
        longestNanos = Math.max(longestNanos, System.nanoTime() - since);
        if (open.isEmpty() && settled == wanted) {
            gone.complete(longestNanos / 1e9);
        }
    }
}
