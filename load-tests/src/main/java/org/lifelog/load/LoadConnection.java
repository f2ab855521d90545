package org.lifelog.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * One connection of the load generator: sends messages that are encoded beforehand, as far as possible, and takes the
 * answers in the order of the messages. All of it runs on the generator's one thread.
 */
abstract class LoadConnection extends ByteToMessageDecoder {
    /** Told what happens on the connection. */
    interface Owner {
        /** The connection may send from now on. */
        void ready(LoadConnection connection);

        /**
         * A message has been answered.
         *
         * @param intendedNanos when it was to be sent, which is not later than when it was
         * @param taken whether it was accepted
         * @param wasFull whether nothing more could be sent until now
         */
        void answered(LoadConnection connection, long intendedNanos, boolean taken, boolean wasFull);

        /** What one read of the socket brought has been told. */
        void told();

        /** The connection is gone, with so many messages that were not answered. */
        void lost(LoadConnection connection, int unanswered);
    }

    private final Owner owner;
    /** Intended times of the messages that are not answered, as a ring. */
    private final long[] intended;

    private int first;
    private int unanswered;
    private boolean flushed = true;
    private ChannelHandlerContext context;

    /**
     * A connection.
     *
     * @param window most messages that are not answered yet
     */
    LoadConnection(Owner owner, int window) {
        this.owner = owner;
        this.intended = new long[window];
    }

    /** Writes what a client says first; {@link #ready} follows, at once or when it is answered. */
    abstract void begin(ChannelHandlerContext to);

    /** The next message as bytes. */
    abstract ByteBuf next(ByteBufAllocator memory);

    /** Takes one answer out of the bytes, and tells it by {@link #answered}; leaves them where it is not all there. */
    abstract boolean answer(ByteBuf in);

    final boolean hasRoom() {
        return unanswered < intended.length;
    }

    /** Sends the next message; it is on its way with the next {@link #flush}. */
    final void send(long intendedNanos) {
        intended[(first + unanswered++) % intended.length] = intendedNanos;
        context.write(next(context.alloc()), context.voidPromise());
        flushed = false;
    }

    /** Whether nothing waits for {@link #flush}. */
    final boolean flushed() {
        return flushed;
    }

    final void flush() {
        flushed = true;
        context.flush();
    }

    final void close() {
        context.close();
    }

    final void ready() {
        owner.ready(this);
    }

    final void answered(boolean taken) {
        long intendedNanos = intended[first];
        boolean wasFull = !hasRoom();
        first = (first + 1) % intended.length;
        unanswered--;
        owner.answered(this, intendedNanos, taken, wasFull);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        begin(active);
    }

    @Override
    protected void decode(ChannelHandlerContext from, ByteBuf in, List<Object> out) {
        boolean more = true;
        while (more && in.isReadable()) {
            more = answer(in);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) throws Exception {
        super.channelReadComplete(from);
        owner.told();
    }

    @Override
    public void channelInactive(ChannelHandlerContext gone) throws Exception {
        super.channelInactive(gone);
        owner.lost(this, unanswered);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        from.close();
    }
}
