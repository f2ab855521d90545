package org.lifelog.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * Sends over several connections from one thread, either as fast as the answers come or by a schedule. By a schedule the
 * gaps between messages are random (a Poisson process), and latencies count from the time at which a message was to be
 * sent, also where no connection was free or this thread was late: what the gateway keeps waiting is never left out. The
 * schedule is looked at every millisecond, and up to two of those are in every latency.
 */
final class Load implements LoadConnection.Owner {
    /** As fast as the answers come, instead of so many messages a second. */
    static final double CLOSED_LOOP = Double.POSITIVE_INFINITY;

    private static final int CONNECTING_AT_A_TIME = 64;
    private static final long DRAIN_SECONDS = 20;
    private static final long AGAIN_MILLIS = 500;
    /** Who does not care what becomes of its messages does not make up for more than this. */
    private static final double MOST_BACKLOG_NANOS = 1e8;

    /**
     * What became of the messages of one run.
     *
     * @param seconds how long messages were due
     * @param taken messages that were accepted; of an open loop all that were due
     * @param refused messages that were answered otherwise
     * @param micros from the intended time to the acknowledgement
     */
    record Result(double seconds, long taken, long refused, Histogram micros) {
        double perSecond() {
            return taken / seconds;
        }
    }

    private final class Run {
        final long startNanos = System.nanoTime();
        final long endNanos;
        final double gapNanos;
        final Histogram micros = new Histogram(3);
        final CompletableFuture<Result> result = new CompletableFuture<>();
        double dueNanos = startNanos;
        long taken;
        long refused;

        Run(double perSecond, Duration duration) {
            endNanos = startNanos + duration.toNanos();
            gapNanos = 1e9 / perSecond;
        }
    }

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final InetSocketAddress address;
    private final Function<LoadConnection.Owner, LoadConnection> maker;
    private final int wanted;
    private final boolean stubborn;
    private final Random random = new Random(3);
    private final Set<LoadConnection> open = new HashSet<>();
    /** Connections that may send one more message. */
    private final ArrayDeque<LoadConnection> free = new ArrayDeque<>();

    private final List<LoadConnection> written = new ArrayList<>();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private Optional<Run> run = Optional.empty();
    private int begun;
    private int unanswered;
    private boolean closed;

    /**
     * Connects to nothing yet.
     *
     * @param maker makes a connection that is owned by its argument
     * @param stubborn whether a connection that is closed is made anew, and what it had sent forgotten; else the run fails
     */
    Load(
            EventLoop loop,
            InetSocketAddress address,
            int connections,
            boolean stubborn,
            Function<LoadConnection.Owner, LoadConnection> maker) {
        this.loop = loop;
        this.address = address;
        this.wanted = connections;
        this.stubborn = stubborn;
        this.maker = maker;
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000);
        loop.scheduleAtFixedRate(this::told, 1, 1, TimeUnit.MILLISECONDS);
    }

    /** Opens the connections, the first one alone: after that the gateway knows the password. */
    CompletableFuture<Void> open() {
        loop.execute(this::connect);
        return opened;
    }

    private void connect() {
        begun++;
        LoadConnection connection = maker.apply(this);
        bootstrap.clone().handler(connection).connect(address).addListener(connected -> {
            if (!connected.isSuccess() && stubborn) {
                lost(connection, 0);
            } else if (!connected.isSuccess()) {
                opened.completeExceptionally(new IllegalStateException(connected.cause()));
            }
        });
    }

    /** Sends for some time and waits for all answers; one run after the other. */
    CompletableFuture<Result> run(double perSecond, Duration duration) {
        Run next = new Run(perSecond, duration);
        loop.execute(() -> {
            run = Optional.of(next);
            told();
        });
        return next.result;
    }

    /** Closes the connections. */
    void close() {
        loop.execute(() -> {
            closed = true;
            List.copyOf(open).forEach(LoadConnection::close);
        });
    }

    @Override
    public void ready(LoadConnection connection) {
        open.add(connection);
        free.add(connection);
        if (open.size() == wanted) {
            opened.complete(null);
        }
        for (int more = begun == 1 ? CONNECTING_AT_A_TIME : 1; more > 0 && begun < wanted; more--) {
            connect();
        }
    }

    @Override
    public void answered(LoadConnection connection, long intendedNanos, boolean taken, boolean wasFull) {
        unanswered--;
        if (wasFull) {
            free.add(connection);
        }
        run.ifPresent(now -> {
            if (taken) {
                now.taken++;
                now.micros.recordValue((System.nanoTime() - intendedNanos) / 1_000);
            } else {
                now.refused++;
            }
        });
    }

    /** Sends what is due. */
    @Override
    public void told() {
        if (run.isEmpty()) {
            return;
        }
        Run now = run.get();
        long nanos = System.nanoTime();
        boolean closedLoop = now.gapNanos == 0;
        long until = Math.min(nanos, now.endNanos);
        if (stubborn) {
            now.dueNanos = Math.max(now.dueNanos, nanos - MOST_BACKLOG_NANOS);
        }
        while (!free.isEmpty() && (closedLoop ? nanos < now.endNanos : now.dueNanos <= until)) {
            LoadConnection connection = free.poll();
            if (connection.flushed()) {
                written.add(connection);
            }
            connection.send(closedLoop ? nanos : (long) now.dueNanos);
            unanswered++;
            now.dueNanos -= Math.log(1 - random.nextDouble()) * now.gapNanos;
            if (connection.hasRoom()) {
                free.add(connection);
            }
        }
        written.forEach(LoadConnection::flush);
        written.clear();
        boolean allSent = stubborn || closedLoop || now.dueNanos > now.endNanos;
        if (nanos >= now.endNanos && allSent && unanswered == 0
                || nanos > now.endNanos + TimeUnit.SECONDS.toNanos(stubborn ? 1 : DRAIN_SECONDS)) {
            end(now, nanos);
        }
    }

    private void end(Run ended, long nanos) {
        run = Optional.empty();
        if (unanswered > 0 && !stubborn) {
            fail(ended, unanswered + " messages were not answered within " + DRAIN_SECONDS + " s");
            return;
        }
        double seconds = (ended.gapNanos == 0 ? nanos - ended.startNanos : ended.endNanos - ended.startNanos) / 1e9;
        ended.result.complete(new Result(seconds, ended.taken, ended.refused, ended.micros));
    }

    private static void fail(Run ended, String why) {
        ended.result.completeExceptionally(new IllegalStateException(why));
    }

    @Override
    public void lost(LoadConnection connection, int itsUnanswered) {
        open.remove(connection);
        free.remove(connection);
        unanswered -= itsUnanswered;
        if (closed) {
            return;
        }
        if (stubborn) {
            loop.schedule(this::connect, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        String why = "The gateway at " + address + " closed a connection of the load generator";
        opened.completeExceptionally(new IllegalStateException(why));
        run.ifPresent(now -> {
            run = Optional.empty();
            fail(now, why);
        });
    }
}
