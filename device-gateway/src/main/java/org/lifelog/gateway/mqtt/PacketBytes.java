package org.lifelog.gateway.mqtt;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The bytes of one packet after its fixed header, read strictly: nothing beyond their end, and texts in good UTF-8. */
final class PacketBytes {
    private static final int MOST_VARIABLE_BYTES = 4;

    private final ByteBuf bytes;

    /** Reads on from the reader index up to the writer index. */
    PacketBytes(ByteBuf bytes) {
        this.bytes = bytes;
    }

    int left() {
        return bytes.readableBytes();
    }

    int oneByte() throws Violation {
        need(1);
        return bytes.readUnsignedByte();
    }

    int twoBytes() throws Violation {
        need(2);
        return bytes.readUnsignedShort();
    }

    long fourBytes() throws Violation {
        need(4);
        return bytes.readUnsignedInt();
    }

    /** A Variable Byte Integer, which must use the fewest bytes possible. */
    int variable() throws Violation {
        int value = 0;
        for (int i = 0; i < MOST_VARIABLE_BYTES; i++) {
            int digit = oneByte();
            value |= (digit & 127) << 7 * i;
            if ((digit & 128) == 0) {
                if (digit == 0 && i > 0) {
                    throw Violation.malformed("A length has more bytes than it needs.");
                }
                return value;
            }
        }
        throw Violation.malformed("A length has more than 4 bytes.");
    }

    byte[] binary() throws Violation {
        return take(twoBytes());
    }

    /**
     * A text. Java's decoder refuses overlong forms and surrogates, as the standard wants; U+0000 is refused here.
     *
     * @throws Violation malformed
     */
    String text() throws Violation {
        byte[] raw = binary();
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Violation.malformed("A text is not in UTF-8.");
        }
        if (text.indexOf('\0') >= 0) {
            throw Violation.malformed("A text contains U+0000.");
        }
        return text;
    }

    /** All that is left. */
    byte[] rest() {
        byte[] rest = new byte[bytes.readableBytes()];
        bytes.readBytes(rest);
        return rest;
    }

    /** The next bytes, by themselves. */
    PacketBytes section(int length) throws Violation {
        need(length);
        return new PacketBytes(bytes.readSlice(length));
    }

    void end() throws Violation {
        if (left() > 0) {
            throw Violation.malformed("A packet has bytes after its end.");
        }
    }

    private byte[] take(int length) throws Violation {
        need(length);
        byte[] taken = new byte[length];
        bytes.readBytes(taken);
        return taken;
    }

    private void need(int length) throws Violation {
        if (bytes.readableBytes() < length) {
            throw Violation.malformed("A packet ends too early.");
        }
    }
}
