package org.lifelog.registry;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that answers as it is told, for what a real registry does not do on demand. */
final class HttpStub implements AutoCloseable {
    /** What was asked. */
    record Asked(String call, Optional<String> authorization) {}

    private record Answer(int status, String body) {}

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final HttpServer server;

    HttpStub() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            try (exchange) {
                asked.add(new Asked(
                        exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))));
                Answer answer = next();
                byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    private synchronized Answer next() {
        return answers.size() == 1 ? answers.peek() : answers.pop();
    }

    /** Adds an answer; the last one is given again and again. */
    synchronized HttpStub answering(int status, String body) {
        answers.add(new Answer(status, body));
        return this;
    }

    List<Asked> asked() {
        return asked;
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    String url() {
        return "http://" + address();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
