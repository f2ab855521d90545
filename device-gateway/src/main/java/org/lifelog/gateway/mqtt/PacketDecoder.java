package org.lifelog.gateway.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.lifelog.gateway.accept.Memory;

/**
 * Cuts the bytes of a connection into packets, and stops reading while it is told to or has no memory. An idle
 * connection has no buffer. At most 64 KiB of a packet are kept together with what one read of the socket brought (64 KiB
 * at most); a larger packet takes its length from the {@link Memory} of the process before it is kept. What is larger
 * than anybody reads is counted and dropped as it comes.
 */
final class PacketDecoder extends ChannelInboundHandlerAdapter {
    /** Packets up to here need not ask for memory. */
    static final int SMALL_BYTES = 64 << 10;
    /** A will of 64 KiB and all other texts of a usual length. */
    private static final int MOST_CONNECT_BYTES = 128 << 10;
    /** A packet of 3.1.1 that is larger than this is noted without its payload. */
    static final int MOST_READ_BYTES = (8 << 20) + SMALL_BYTES;

    private static final int MOST_BYTES_3_1_1 = 16 << 20;
    private static final int MOST_HEADER_BYTES = 5;
    private static final long MEMORY_WAIT_MILLIS = 100;

    private final Limits limits;
    private final Memory memory;
    private final boolean[] pausedFor = new boolean[Pause.values().length];

    private Optional<Version> version = Optional.empty();
    private ByteBuf pending = Unpooled.EMPTY_BUFFER;
    /** The packet larger than 64 KiB that is coming in. */
    private Optional<Large> large = Optional.empty();

    private boolean discarding;
    private boolean decoding;
    private long bytesRead;

    /** Why reading is stopped. */
    enum Pause {
        CONNECTING,
        ANSWERS,
        /** The client does not take its answers. */
        UNTAKEN,
        QUOTA,
        MEMORY,
        SHUTDOWN
    }

    /** A packet of which the rest is on its way. */
    private static final class Large {
        private final int firstByte;
        private final ByteBuf kept;
        private final long leasedBytes;
        private final Future<?> deadline;
        private final int skip;
        private int toSkip;

        Large(int firstByte, int keep, int skip, long leasedBytes, Future<?> deadline) {
            this.firstByte = firstByte;
            this.kept = Unpooled.buffer(keep, keep);
            this.skip = skip;
            this.toSkip = skip;
            this.leasedBytes = leasedBytes;
            this.deadline = deadline;
        }
    }

    PacketDecoder(Limits limits, Memory memory) {
        this.limits = limits;
        this.memory = memory;
    }

    /** The version that CONNECT named; nothing before. */
    Optional<Version> version() {
        return version;
    }

    /** Counts up with every byte that comes in; for the keep-alive. */
    long bytesRead() {
        return bytesRead;
    }

    /** Whether reading is stopped for another reason than that the client does not read either. */
    boolean heldBack() {
        return paused() && !pausedFor[Pause.UNTAKEN.ordinal()];
    }

    private boolean paused() {
        for (boolean reason : pausedFor) {
            if (reason) {
                return true;
            }
        }
        return false;
    }

    /** Stops or goes on, by one of several reasons. On the connection's event loop. */
    void pause(ChannelHandlerContext context, Pause reason, boolean pause) {
        pausedFor[reason.ordinal()] = pause;
        boolean paused = paused() && !discarding;
        context.channel().config().setAutoRead(!paused);
        if (!paused && !decoding) {
            decode(context);
            // Vert.x keeps answers back from the first packet of a read to its end.
            context.fireChannelReadComplete();
        }
    }

    /** Reads on only to throw away, so that the peer gets to the last packet that was sent to it. */
    void discard(ChannelHandlerContext context) {
        discarding = true;
        free();
        context.channel().config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        bytesRead += bytes.readableBytes();
        if (discarding) {
            bytes.release();
            return;
        }
        pending = pending.isReadable()
                ? ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), pending, bytes)
                : replace(bytes);
        decode(context);
    }

    private ByteBuf replace(ByteBuf bytes) {
        pending.release();
        return bytes;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        pause(context, Pause.UNTAKEN, !context.channel().isWritable());
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        free();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        discarding = true;
        free();
        context.fireChannelInactive();
    }

    private void free() {
        pending.release();
        pending = Unpooled.EMPTY_BUFFER;
        large.ifPresent(packet -> {
            packet.deadline.cancel(false);
            memory.give(packet.leasedBytes);
        });
        large = Optional.empty();
    }

    private void decode(ChannelHandlerContext context) {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            boolean more = true;
            while (more && !discarding && !paused()) {
                more = large.isPresent() ? fill(context) : next(context);
            }
        } catch (Violation e) {
            broken(context, e);
        } finally {
            decoding = false;
        }
        if (!pending.isReadable()) {
            pending = replace(Unpooled.EMPTY_BUFFER);
        }
    }

    private void broken(ChannelHandlerContext context, Violation violation) {
        discarding = true;
        free();
        context.fireChannelRead(new Packet.Broken(violation));
        context.fireChannelReadComplete();
    }

    /** Takes the next packet, where there is all of it; false where there is not. */
    private boolean next(ChannelHandlerContext context) throws Violation {
        if (!pending.isReadable()) {
            return false;
        }
        int start = pending.readerIndex();
        int firstByte = pending.getUnsignedByte(start);
        checkFirst(firstByte);
        int length = 0;
        int index = start + 1;
        for (int shift = 0; ; shift += 7) {
            if (index == pending.writerIndex()) {
                return false;
            }
            int digit = pending.getUnsignedByte(index++);
            length |= (digit & 127) << shift;
            if ((digit & 128) == 0) {
                if (digit == 0 && shift > 0) {
                    throw Violation.malformed("A length has more bytes than it needs.");
                }
                break;
            }
            if (index - start == MOST_HEADER_BYTES) {
                throw Violation.malformed("The length of a packet has more than 4 bytes.");
            }
        }
        checkLength(firstByte, length, index - start);
        if (length > SMALL_BYTES) {
            return begin(context, firstByte, index, length);
        }
        if (pending.writerIndex() - index < length) {
            return false;
        }
        pending.readerIndex(index);
        emit(context, firstByte, pending.readSlice(length), 0, 0);
        return true;
    }

    private void checkFirst(int firstByte) throws Violation {
        if (version.isEmpty() && PacketParser.type(firstByte) != PacketParser.Type.CONNECT) {
            throw Violation.protocol("The first packet is not CONNECT.");
        }
        PacketParser.check(firstByte, version.orElse(Version.MQTT_5));
    }

    private void checkLength(int firstByte, int length, int headerBytes) throws Violation {
        boolean publish = PacketParser.type(firstByte) == PacketParser.Type.PUBLISH;
        long most = version.isEmpty()
                ? MOST_CONNECT_BYTES
                : version.get() == Version.MQTT_5
                        ? limits.mostPacketBytes()
                        : publish ? MOST_BYTES_3_1_1 : MOST_CONNECT_BYTES;
        if ((long) length + headerBytes > most) {
            throw new Violation(Reason.PACKET_TOO_LARGE, "A packet has at most " + most + " bytes.");
        }
    }

    /** Begins a packet that needs memory; false where there is none now. */
    private boolean begin(ChannelHandlerContext context, int firstByte, int bodyIndex, int length) throws Violation {
        boolean tooMuch = length > MOST_READ_BYTES;
        // Topic and packet identifier fit into this.
        int keep = tooMuch ? SMALL_BYTES + 4 : length;
        if (!memory.take(keep)) {
            waitForMemory(context, keep);
            return false;
        }
        pending.readerIndex(bodyIndex);
        large = Optional.of(new Large(
                firstByte,
                keep,
                length - keep,
                keep,
                context.executor()
                        .schedule(
                                () -> broken(
                                        context,
                                        new Violation(Reason.SERVER_BUSY, "A packet takes too long to come in.")),
                                limits.largePacketTime().toMillis(),
                                TimeUnit.MILLISECONDS)));
        return true;
    }

    private void waitForMemory(ChannelHandlerContext context, int bytes) {
        long deadline = System.nanoTime() + limits.patience().toNanos();
        pausedFor[Pause.MEMORY.ordinal()] = true;
        context.channel().config().setAutoRead(false);
        retryMemory(context, bytes, deadline);
    }

    private void retryMemory(ChannelHandlerContext context, int bytes, long deadlineNanos) {
        context.executor()
                .schedule(
                        () -> {
                            if (discarding || !context.channel().isActive()) {
                                return;
                            }
                            if (memory.take(bytes)) {
                                // Taken only to see: the decoder takes it again at once, on this same thread.
                                memory.give(bytes);
                                pause(context, Pause.MEMORY, false);
                            } else if (System.nanoTime() - deadlineNanos > 0) {
                                broken(context, new Violation(Reason.SERVER_BUSY, "The gateway is full."));
                            } else {
                                retryMemory(context, bytes, deadlineNanos);
                            }
                        },
                        MEMORY_WAIT_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private boolean fill(ChannelHandlerContext context) throws Violation {
        Large packet = large.orElseThrow();
        int wanted = Math.min(pending.readableBytes(), packet.kept.writableBytes());
        packet.kept.writeBytes(pending, wanted);
        int skipped = packet.kept.isWritable() ? 0 : Math.min(pending.readableBytes(), packet.toSkip);
        pending.skipBytes(skipped);
        packet.toSkip -= skipped;
        if (packet.kept.isWritable() || packet.toSkip > 0) {
            return false;
        }
        packet.deadline.cancel(false);
        large = Optional.empty();
        boolean handedOver = false;
        try {
            handedOver = emit(context, packet.firstByte, packet.kept, packet.skip, packet.leasedBytes);
        } finally {
            if (!handedOver) {
                memory.give(packet.leasedBytes);
            }
        }
        return true;
    }

    /** Parses a packet and hands it on; true where what was leased for it goes with it. */
    private boolean emit(ChannelHandlerContext context, int firstByte, ByteBuf body, int skipped, long leased)
            throws Violation {
        PacketBytes in = new PacketBytes(body);
        Packet packet;
        if (version.isEmpty()) {
            int level = PacketParser.level(in);
            version = PacketParser.version(level);
            packet = version.isPresent() ? PacketParser.connect(in, version.get()) : new Packet.OtherVersion(level);
        } else if (PacketParser.type(firstByte) == PacketParser.Type.PUBLISH) {
            packet = PacketParser.publish(firstByte, in, version.get(), skipped, leased);
        } else {
            packet = PacketParser.parse(firstByte, in, version.get());
        }
        context.fireChannelRead(packet);
        return packet instanceof Packet.Publish;
    }
}
