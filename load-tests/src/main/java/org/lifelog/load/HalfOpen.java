package org.lifelog.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;

/** A connection that says nothing, or only the beginning of what a client says first. */
final class HalfOpen extends LoadConnection {
    /** CONNECT of 60 bytes, of which the name of the protocol has come. */
    static final String PART_OF_CONNECT = "\u0010\u003c\u0000\u0004MQ";

    /** The first header of a request. */
    static final String PART_OF_REQUEST = "POST /v1/centers/isens/readings HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthoriz";

    private final byte[] beginning;

    /**
     * A connection.
     *
     * @param beginning what is sent, in ASCII; may be empty
     */
    HalfOpen(Owner owner, String beginning) {
        super(owner, 1);
        this.beginning = beginning.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    void begin(ChannelHandlerContext to) {
        to.writeAndFlush(Unpooled.wrappedBuffer(beginning));
        ready();
    }

    @Override
    ByteBuf next(ByteBufAllocator memory) {
        throw new UnsupportedOperationException("It sends nothing more.");
    }

    /** Whatever is said before it is closed. */
    @Override
    boolean answer(ByteBuf in) {
        in.skipBytes(in.readableBytes());
        return true;
    }
}
