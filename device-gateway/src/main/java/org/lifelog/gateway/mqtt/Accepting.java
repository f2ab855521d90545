package org.lifelog.gateway.mqtt;

import io.vertx.core.Future;
import org.lifelog.gateway.accept.Acceptor;
import org.lifelog.gateway.accept.Lane;
import org.lifelog.gateway.accept.Message;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.failure.Refusal;

/** What MQTT needs of the {@link Acceptor}. */
public interface Accepting {
    /** {@link Acceptor#accept}. */
    Future<Receipt> accept(Message message);

    /** {@link Acceptor#quarantine}. */
    Future<Void> quarantine(Sender sender, String device, byte[] body, Refusal refusal, Lane lane);

    /** All of it by the acceptor. */
    static Accepting by(Acceptor acceptor) {
        return new Accepting() {
            @Override
            public Future<Receipt> accept(Message message) {
                return acceptor.accept(message);
            }

            @Override
            public Future<Void> quarantine(Sender sender, String device, byte[] body, Refusal refusal, Lane lane) {
                return acceptor.quarantine(sender, device, body, refusal, lane);
            }
        };
    }
}
