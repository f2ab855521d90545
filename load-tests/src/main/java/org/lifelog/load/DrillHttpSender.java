package org.lifelog.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** One reading after the other over HTTP. */
final class DrillHttpSender extends DrillSender {
    static final String PROTOCOL = "http";

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final long RETRY_MILLIS = 50;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final URI address;
    private final String authorization;
    private final long pauseMillis;
    private final Answers answers;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Thread thread = new Thread(this::run, "drill-http");
    private volatile boolean finishing;

    /** Sends that many readings a second at most. */
    DrillHttpSender(DrillGround ground, String subject, int perSecond, Answers answers) {
        super(subject);
        this.address = ground.readings();
        this.authorization = "Basic "
                + Base64.getEncoder()
                        .encodeToString(
                                (DrillGround.USERNAME + ":" + ground.password()).getBytes(StandardCharsets.UTF_8));
        this.pauseMillis = TimeUnit.SECONDS.toMillis(1) / perSecond;
        this.answers = answers;
        thread.setDaemon(true);
    }

    @Override
    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!finishing) {
                int sequence = next();
                while (!send(reading(sequence))) {
                    TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
                }
                acknowledged(sequence);
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private boolean send(String reading) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(reading))
                .build();
        long sent = System.nanoTime();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            boolean taken = response.statusCode() == OK && response.body().equals("{\"accepted\":1}");
            answers.add(PROTOCOL, taken ? Answers.Kind.ACKNOWLEDGED : kind(response.statusCode()), sent);
            return taken;
        } catch (HttpTimeoutException e) {
            answers.add(PROTOCOL, Answers.Kind.OTHER, sent);
            return false;
        } catch (IOException e) {
            // The gateway is being killed.
            return false;
        }
    }

    private static Answers.Kind kind(int status) {
        return status == UNAVAILABLE ? Answers.Kind.UNAVAILABLE : Answers.Kind.OTHER;
    }

    @Override
    void finish() {
        finishing = true;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
