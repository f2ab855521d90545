package org.lifelog.gateway.http;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Format;

/** How a body is compressed: the content codings that the gateway takes. */
enum Encoding {
    IDENTITY {
        @Override
        InputStream plain(InputStream in) {
            return in;
        }
    },
    GZIP {
        @Override
        InputStream plain(InputStream in) throws IOException {
            return new GZIPInputStream(in);
        }
    },
    ZSTD {
        @Override
        InputStream plain(InputStream in) throws IOException {
            return new ZstdInputStream(in);
        }
    };

    /** Most bytes after decompression, whatever a small body promises. */
    static final int MOST_BYTES = 8 << 20;

    abstract InputStream plain(InputStream in) throws IOException;

    /**
     * The coding of a request.
     *
     * @param header {@code Content-Encoding}, or null
     * @throws Refusal unsupported-media-type
     */
    static Encoding of(String header) {
        return switch (Optional.ofNullable(header).orElse("identity").trim().toLowerCase(Locale.ROOT)) {
            case "identity" -> IDENTITY;
            case "gzip" -> GZIP;
            case "zstd" -> ZSTD;
            default -> throw new Refusal(Failure.UNSUPPORTED_MEDIA_TYPE, "The content encoding is gzip, zstd or none.");
        };
    }

    /** A format for bodies of this coding. */
    Format of(Format format) {
        return this == IDENTITY ? format : (body, origin) -> format.decode(decompress(body), origin);
    }

    private byte[] decompress(byte[] body) {
        byte[] bytes;
        try (InputStream in = plain(new ByteArrayInputStream(body))) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new Refusal(
                    Failure.MALFORMED,
                    "The body is not in " + name().toLowerCase(Locale.ROOT) + " format, or ends too early.",
                    e);
        }
        if (bytes.length > MOST_BYTES) {
            throw new Refusal(Failure.TOO_LARGE, "The body is larger than 8 MiB after decompression.");
        }
        return bytes;
    }
}
