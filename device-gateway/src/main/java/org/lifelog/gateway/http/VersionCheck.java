package org.lifelog.gateway.http;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Turns requests of no version of HTTP/1 into invalid ones. Vert.x would answer them by itself, with 501, no body, and the
 * sender's own words as version.
 */
@ChannelHandler.Sharable
final class VersionCheck extends ChannelInboundHandlerAdapter {
    private static final VersionCheck INSTANCE = new VersionCheck();

    private VersionCheck() {}

    /** Checks all requests of a connection; of HTTP/2 there is nothing to check. */
    static void addTo(HttpConnection connection) {
        if (connection instanceof HttpServerConnection server) {
            ChannelHandlerContext last = server.channelHandlerContext();
            last.pipeline().addBefore(last.name(), VersionCheck.class.getName(), INSTANCE);
        }
    }

    /** Compares by identity, as Vert.x does: Netty makes an equal version of {@code HTtP/1.1}, which Vert.x does not know. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request
                && request.protocolVersion() != HttpVersion.HTTP_1_1
                && request.protocolVersion() != HttpVersion.HTTP_1_0) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
            if (request.decoderResult().isSuccess()) {
                request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("no version of HTTP/1")));
            }
        }
        context.fireChannelRead(message);
    }
}
