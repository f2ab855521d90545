package org.lifelog.gateway.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * Over HTTP/1.1: on each connection some pipelined requests with right lengths, all of which must be answered in their
 * order, and at the end one whose bytes are mutated anywhere.
 */
final class HttpSender extends Sender {
    private static final int PIPELINED = 24;
    private static final int PATIENCE_MILLIS = 40;
    private static final int LONGEST_PATH = 2_000;
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE");
    private static final List<String> HEADERS =
            List.of("Content-Type", "Content-Encoding", "traceparent", "Accept", "api-secret", "Cookie", "Range");
    /** Stands for the password until all is mutated: computing hashes of wrong ones takes long. */
    private static final String SECRET = "@A@";

    HttpSender(long seed, int number, int port, int messages, Seen seen) {
        super(seed, number, port, messages, seen);
    }

    /** A request, and the name of its reading where it is in order. */
    private record Request(byte[] bytes, Optional<String> good) {}

    @Override
    void connection() throws IOException {
        boolean wrongPassword = oneIn(40);
        try (Socket socket = connect(wrongPassword)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            if (!wrongPassword) {
                pipelined(socket, in);
            }
            count();
            byte[] last = wrongPassword ? wrongPassword() : anywhere();
            try {
                last(socket, in, last);
            } catch (SocketException e) {
                // The gateway has closed while bytes were still on their way.
            }
            if (oneIn(4)) {
                socket.setSoLinger(true, 0);
            }
        }
    }

    private void pipelined(Socket socket, InputStream in) throws IOException {
        List<Request> requests = new ArrayList<>();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = random.nextInt(PIPELINED); i >= 0; i--) {
            Request request = count() ? good() : mutated();
            requests.add(request);
            all.writeBytes(request.bytes());
        }
        socket.getOutputStream().write(all.toByteArray());
        for (Request request : requests) {
            try {
                Optional<HttpAnswer> answer = HttpAnswer.read(in);
                if (answer.isEmpty()) {
                    fault("no answer", request.bytes());
                    return;
                }
                check(answer.get(), request.bytes());
                request.good().ifPresent(name -> checkGood(name, answer.get(), request.bytes()));
            } catch (IOException e) {
                fault(e.toString(), request.bytes());
                return;
            }
        }
    }

    private void check(HttpAnswer answer, byte[] request) {
        answer.fault().ifPresent(fault -> fault(fault + " " + answer, request));
    }

    private void checkGood(String name, HttpAnswer answer, byte[] request) {
        if (answer.status() == 200 && answer.body().equals("{\"accepted\":1}")) {
            seen.acknowledged().add(name);
        } else {
            fault("not acknowledged: " + answer, request);
        }
    }

    private void last(Socket socket, InputStream in, byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        if (oneIn(4)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
        } else {
            socket.shutdownOutput();
        }
        try {
            Optional<HttpAnswer> answer = HttpAnswer.read(in);
            while (answer.isPresent()) {
                check(answer.get(), request);
                answer = HttpAnswer.read(in);
            }
        } catch (SocketTimeoutException e) {
            if (socket.isOutputShutdown()) {
                fault("not closed", request);
            }
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            fault(e.getMessage(), request);
        }
    }

    private Request good() {
        String name = nextGood();
        byte[] body = reading(name).getBytes(UTF_8);
        HttpSamples.Sample sample =
                new HttpSamples.Sample("POST", "/v1/centers/isens/readings", "application/json", "identity", body);
        return new Request(bytes(head(sample, body.length), body), Optional.of(name));
    }

    /** Mutated so that everybody still agrees where it ends. */
    private Request mutated() throws IOException {
        HttpSamples.Sample sample = any(HttpSamples.ALL);
        int kind = random.nextInt(10);
        byte[] body = sample.body();
        String head;
        if (kind < 7 && body.length > 0) {
            byte[] other = any(HttpSamples.ALL).body();
            boolean before = sample.encoding().equals("identity") || random.nextBoolean();
            body = before
                    ? encoded(sample.encoding(), mutations.of(body, other))
                    : mutations.of(encoded(sample.encoding(), body), other);
            head = head(sample, body.length);
        } else {
            body = encoded(sample.encoding(), body);
            head = kind % 2 == 0 ? withOtherPath(sample, body.length) : withOtherHeader(sample, body.length);
        }
        return new Request(bytes(head, body), Optional.empty());
    }

    private String withOtherPath(HttpSamples.Sample sample, int length) {
        String path = mutations.of(sample.path(), any(HttpSamples.ALL).path()).replaceAll("[^!-~]", "_");
        String method = oneIn(4) ? any(METHODS) : sample.method();
        return head(
                new HttpSamples.Sample(
                        method,
                        path.isEmpty() ? "/" : path.substring(0, Math.min(path.length(), LONGEST_PATH)),
                        sample.type(),
                        sample.encoding(),
                        sample.body()),
                length);
    }

    private String withOtherHeader(HttpSamples.Sample sample, int length) {
        String value = mutations.of(sample.type(), sample.encoding()).replaceAll("[^ -~]", "_");
        String other = any(HEADERS);
        String head = head(sample, length).replaceFirst("(?i)" + other + ": [^\r]*\r\n", "");
        return head.substring(0, head.length() - 2) + other + ": " + value + "\r\n\r\n";
    }

    private static String head(HttpSamples.Sample sample, int length) {
        return sample.method() + " " + sample.path() + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + SECRET
                + "\r\nContent-Type: " + sample.type() + "\r\nContent-Encoding: " + sample.encoding()
                + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static byte[] bytes(String head, byte[] body) {
        byte[] bytes = head.replace(SECRET, HttpSamples.BASIC).getBytes(ISO_8859_1);
        byte[] all = Arrays.copyOf(bytes, bytes.length + body.length);
        System.arraycopy(body, 0, all, bytes.length, body.length);
        return all;
    }

    private static byte[] encoded(String encoding, byte[] body) throws IOException {
        return switch (encoding) {
            case "gzip" -> {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                    gzip.write(body);
                }
                yield bytes.toByteArray();
            }
            case "zstd" -> Zstd.compress(body);
            default -> body;
        };
    }

    /** Mutated anywhere: its lengths, its chunks and its end too. */
    private byte[] anywhere() throws IOException {
        HttpSamples.Sample sample = any(HttpSamples.ALL);
        byte[] body = encoded(sample.encoding(), sample.body());
        String head = head(sample, body.length);
        return switch (random.nextInt(5)) {
            case 0 -> chunked(sample, body);
            case 1 -> bytes(head.replace("Content-Length: " + body.length, "Content-Length: " + length(body)), body);
            case 2 -> {
                byte[] whole = bytes(head, body);
                yield Arrays.copyOf(whole, random.nextInt(whole.length));
            }
            case 3 -> bytes(mutations.of(head, head(any(HttpSamples.ALL), 0)), body);
            default -> {
                String whole = head + new String(body, ISO_8859_1);
                String changed = mutations.of(whole, any(HttpSamples.ALL).path());
                yield bytes(changed, new byte[0]);
            }
        };
    }

    private String length(byte[] body) {
        return switch (random.nextInt(5)) {
            case 0 -> Integer.toString(random.nextInt(2 * body.length + 2));
            case 1 -> "-" + body.length;
            case 2 -> body.length + "\r\nContent-Length: " + random.nextInt(1_000);
            case 3 -> body.length + "\r\nTransfer-Encoding: chunked";
            default -> mutations.of(Integer.toString(body.length), "1048577").replaceAll("[\r\n]", "");
        };
    }

    private byte[] chunked(HttpSamples.Sample sample, byte[] body) {
        String text = new String(body, ISO_8859_1);
        int half = text.length() / 2;
        String chunks = Integer.toHexString(half) + "\r\n" + text.substring(0, half) + "\r\n"
                + Integer.toHexString(text.length() - half) + ";x=y\r\n" + text.substring(half)
                + "\r\n0\r\nTrailer: 1\r\n\r\n";
        return bytes(
                head(sample, 0).replace("Content-Length: 0", "Transfer-Encoding: chunked")
                        + mutations.of(chunks, "ffffffff\r\n"),
                new byte[0]);
    }

    private byte[] wrongPassword() throws IOException {
        HttpSamples.Sample sample = any(HttpSamples.ALL);
        byte[] body = encoded(sample.encoding(), sample.body());
        String value = mutations.of(HttpSamples.BASIC, "Bearer eyJhbGciOiJub25lIn0.e30.");
        return bytes(head(sample, body.length).replace(SECRET, value), body);
    }
}
