package org.lifelog.gateway.mqtt;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;
import io.vertx.core.internal.net.NetSocketInternal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.lifelog.gateway.accept.Memory;

/** The socket of one connection, with the codec in its pipeline. */
final class Wire {
    /** Where Netty's encoder looks for the version; its decoder would set it. */
    private static final AttributeKey<MqttVersion> VERSION = AttributeKey.valueOf("NETTY_CODEC_MQTT_VERSION");

    private static final String VERTX_HANDLER = "handler";
    private static final long LINGER_MILLIS = 1_000;

    private final NetSocketInternal socket;
    private final PacketDecoder decoder;
    private final ChannelHandlerContext decoderContext;
    private boolean flushing;
    private boolean closing;

    /** Puts the codec into the pipeline. */
    Wire(NetSocketInternal socket, Limits limits, Memory memory) {
        this.socket = socket;
        this.decoder = new PacketDecoder(limits, memory);
        socket.channelHandlerContext()
                .pipeline()
                .addBefore(VERTX_HANDLER, "mqtt-encoder", MqttEncoder.INSTANCE)
                .addBefore(VERTX_HANDLER, "mqtt-decoder", decoder);
        decoderContext = socket.channelHandlerContext().pipeline().context(decoder);
    }

    /** IP address of the client. */
    String address() {
        return socket.remoteAddress().host();
    }

    /** The client's certificate, where the connection is TLS and the client showed one that was found good. */
    Optional<X509Certificate> certificate() {
        if (!socket.isSsl()) {
            return Optional.empty();
        }
        try {
            List<Certificate> chain = socket.peerCertificates();
            return chain.isEmpty() || !(chain.get(0) instanceof X509Certificate first)
                    ? Optional.empty()
                    : Optional.of(first);
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    Optional<Version> version() {
        return decoder.version();
    }

    long bytesRead() {
        return decoder.bytesRead();
    }

    /** Whether it is not the client's fault that nothing of it is read. */
    boolean heldBack() {
        return decoder.heldBack();
    }

    void pause(PacketDecoder.Pause reason, boolean pause) {
        decoder.pause(decoderContext, reason, pause);
    }

    /** Whether so much waits to be written that nothing more should be. */
    boolean full() {
        return !decoderContext.channel().isWritable();
    }

    /** Says in which version the answers are. */
    void speak(Version version) {
        decoderContext
                .channel()
                .attr(VERSION)
                .set(version == Version.MQTT_5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1);
    }

    /**
     * Sends a packet; nothing after the last one. Kafka confirms many messages at once, so what is sent in one turn of the
     * event loop is handed to the socket together, when the tasks that are there now are done.
     */
    void send(MqttMessage message) {
        if (closing) {
            return;
        }
        decoderContext.write(message, decoderContext.voidPromise());
        if (!flushing) {
            flushing = true;
            decoderContext.executor().execute(this::flush);
        }
    }

    private void flush() {
        flushing = false;
        decoderContext.flush();
    }

    /**
     * Closes, after a last packet where there is one. What still comes in is thrown away for a second then: closing a
     * socket with bytes that nobody has read resets it, and the client would not get to the last packet.
     */
    void close(Optional<MqttMessage> lastPacket) {
        if (closing) {
            return;
        }
        closing = true;
        decoderContext.flush();
        decoder.discard(decoderContext);
        if (lastPacket.isEmpty()) {
            socket.close();
            return;
        }
        socket.writeMessage(lastPacket.get()).onComplete(written -> {
            if (!socket.isSsl() && decoderContext.channel() instanceof DuplexChannel channel && channel.isActive()) {
                channel.shutdownOutput();
            }
        });
        decoderContext.executor().schedule(() -> socket.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
}
