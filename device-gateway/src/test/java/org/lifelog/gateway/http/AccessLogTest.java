package org.lifelog.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;
import org.slf4j.LoggerFactory;

class AccessLogTest {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void aLineTellsOfTheRequestAndNothingOfTheSubject() {
        Logger access = (Logger) LoggerFactory.getLogger("access");
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getFormattedMessage());
            }
        };
        appender.start();
        access.addAppender(appender);
        access.setLevel(ch.qos.logback.classic.Level.INFO);
        try (RunningGateway gateway = RunningGateway.start()) {
            gateway.post(Decoding.GOOD);
            gateway.send(gateway.request("/v1/centers/isens/subjects/S-0042/nightscout/api/v1/entries?S-0042")
                    .POST(BodyPublishers.ofString(Decoding.GOOD)));
            await().untilAsserted(() -> assertThat(lines).hasSize(2));
        } finally {
            access.detachAppender(appender);
        }
        assertThat(lines.get(0))
                .matches("http method=POST route=/v1/centers/:center/readings status=200 in=" + Decoding.GOOD.length()
                        + " out=14 ms=\\d+ center=isens vendor=isens-vendor");
        assertThat(lines.get(1))
                .startsWith("http method=POST route=/v1/centers/:center/subjects/:subject/nightscout/api/v1/entries"
                        + " status=401 ")
                .endsWith(" center=- vendor=-");
        assertThat(lines).noneMatch(line -> line.contains("S-0042") || line.contains("6.4"));
    }
}
