package org.lifelog.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.lifelog.local.ServiceCredentials.Account;

/** One keep-alive connection over HTTP/1.1: batches of readings in plain JSON, one after the other. */
class HttpLoad extends LoadConnection {
    private static final String LENGTH = "content-length:";
    private static final String OK = "HTTP/1.1 200";

    private final byte[] head;
    private final SampleReadings readings;

    /**
     * A connection of a vendor.
     *
     * @param readings the bodies that it sends
     */
    HttpLoad(Owner owner, String host, String center, Account account, SampleReadings readings) {
        super(owner, 1);
        String credential = account.username() + ":" + account.password();
        this.head = ("POST /v1/centers/" + center + "/readings HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Basic "
                        + Base64.getEncoder().encodeToString(credential.getBytes(StandardCharsets.UTF_8))
                        + "\r\nContent-Type: application/json\r\nContent-Length: ")
                .getBytes(StandardCharsets.US_ASCII);
        this.readings = readings;
    }

    @Override
    void begin(ChannelHandlerContext to) {
        ready();
    }

    @Override
    ByteBuf next(ByteBufAllocator memory) {
        byte[] body = readings.next();
        byte[] length = (body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        return memory.buffer(head.length + length.length + body.length)
                .writeBytes(head)
                .writeBytes(length)
                .writeBytes(body);
    }

    @Override
    boolean answer(ByteBuf in) {
        int start = in.readerIndex();
        int end = endOfHead(in);
        if (end < 0) {
            return false;
        }
        int length = contentLength(in.toString(start, end - start, StandardCharsets.US_ASCII));
        if (in.writerIndex() < end + length) {
            return false;
        }
        boolean taken =
                in.toString(start, OK.length(), StandardCharsets.US_ASCII).equals(OK);
        in.readerIndex(end + length);
        answered(taken);
        return true;
    }

    private static int endOfHead(ByteBuf in) {
        for (int i = in.readerIndex(); i + 4 <= in.writerIndex(); i++) {
            if (in.getByte(i) == '\r' && in.getInt(i) == 0x0D0A0D0A) {
                return i + 4;
            }
        }
        return -1;
    }

    private static int contentLength(String head) {
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf(LENGTH);
        return at < 0
                ? 0
                : Integer.parseInt(lower.substring(at + LENGTH.length(), lower.indexOf("\r\n", at))
                        .trim());
    }
}
