package org.lifelog.load;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientConfig;
import com.hivemq.client.mqtt.mqtt5.advanced.interceptor.qos2.Mqtt5OutgoingQos2Interceptor;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.pubcomp.Mqtt5PubComp;
import com.hivemq.client.mqtt.mqtt5.message.publish.pubrec.Mqtt5PubRec;
import com.hivemq.client.mqtt.mqtt5.message.publish.pubrel.Mqtt5PubRel;
import com.hivemq.client.mqtt.mqtt5.message.publish.pubrel.Mqtt5PubRelBuilder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Over MQTT 5 with a session that stays, by a client library that connects again by itself and sends what was not
 * acknowledged again.
 */
final class DrillMqttSender extends DrillSender {
    /** CONNECT is a message of its own: its answer is CONNACK. */
    static final String CONNECT = "connect";

    private static final int MOST_UNDER_WAY = 20;
    private static final long RECONNECT_MILLIS = 200;
    private static final int EXPIRY_SECONDS = 3_600;
    private static final int KEEP_ALIVE_SECONDS = 10;

    private final MqttQos qos;
    private final String protocol;
    private final String topic;
    private final int perSecond;
    private final Answers answers;
    private final Mqtt5AsyncClient client;
    private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
    private final AtomicInteger sessionsLost = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> daemon(task));
    private volatile long waitingSince;
    private volatile boolean connected;
    private volatile boolean finishing;

    /** Sends that many readings a second at most, with QoS 1 or 2. */
    DrillMqttSender(DrillGround ground, String subject, MqttQos qos, int perSecond, Answers answers) {
        super(subject);
        this.qos = qos;
        this.protocol = protocol(qos);
        this.topic = "centers/" + DrillGround.CENTER + "/devices/" + subject + "/readings";
        this.perSecond = perSecond;
        this.answers = answers;
        this.client = Mqtt5Client.builder()
                .identifier(subject)
                .serverHost("127.0.0.1")
                .serverPort(ground.mqttPort())
                .simpleAuth()
                .username(DrillGround.USERNAME)
                .password(ground.password().getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth()
                .advancedConfig()
                .interceptors()
                .outgoingQos2Interceptor(new Receipt())
                .applyInterceptors()
                .applyAdvancedConfig()
                .addConnectedListener(context -> {
                    connected = true;
                    answers.add(CONNECT, Answers.Kind.ACKNOWLEDGED, waitingSince);
                    waitingSince = System.nanoTime();
                })
                .addDisconnectedListener(this::disconnected)
                .buildAsync();
    }

    /** Notes when PUBREC came, after which the library never sends the message again. */
    private final class Receipt implements Mqtt5OutgoingQos2Interceptor {
        @Override
        public void onPubRec(
                Mqtt5ClientConfig config, Mqtt5Publish publish, Mqtt5PubRec received, Mqtt5PubRelBuilder release) {
            received(sequence(publish.getPayloadAsBytes()), System.currentTimeMillis());
        }

        @Override
        public void onPubRecError(Mqtt5ClientConfig config, Mqtt5Publish publish, Mqtt5PubRec received) {
            // It ends the message and is told to who sent it.
        }

        @Override
        public void onPubComp(Mqtt5ClientConfig config, Mqtt5PubRel release, Mqtt5PubComp completed) {
            // It is told to who sent it.
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "drill-mqtt");
        thread.setDaemon(true);
        return thread;
    }

    static String protocol(MqttQos qos) {
        return "mqtt-qos" + qos.getCode();
    }

    @Override
    void start() {
        waitingSince = System.nanoTime();
        client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(EXPIRY_SECONDS)
                .keepAlive(KEEP_ALIVE_SECONDS)
                .send()
                .join();
        timer.scheduleAtFixedRate(this::sendNext, 0, TimeUnit.SECONDS.toMicros(1) / perSecond, TimeUnit.MICROSECONDS);
    }

    /** In order: nothing new while as many as may be are under way. */
    private void sendNext() {
        if (!finishing && underWay.tryAcquire()) {
            send(next());
        }
    }

    private void send(int sequence) {
        long sent = System.nanoTime();
        client.publishWith()
                .topic(topic)
                .qos(qos)
                .payload(reading(sequence).getBytes(StandardCharsets.UTF_8))
                .send()
                .whenComplete((result, error) -> {
                    if (error == null && result.getError().isEmpty()) {
                        answers.add(protocol, Answers.Kind.ACKNOWLEDGED, Math.max(sent, waitingSince));
                        acknowledged(sequence);
                        waitingSince = Math.max(waitingSince, System.nanoTime());
                        underWay.release();
                    } else {
                        // The library gives messages up where the gateway does not know the session.
                        sessionsLost.incrementAndGet();
                        send(sequence);
                    }
                });
    }

    /** How long the gateway took to say so: since it took the connection, or since the client asked for one. */
    private void disconnected(MqttClientDisconnectedContext context) {
        Throwable cause = context.getCause();
        if (cause instanceof Mqtt5DisconnectException told) {
            boolean busy = told.getMqttMessage().getReasonCode() == Mqtt5DisconnectReasonCode.SERVER_BUSY;
            answers.add(protocol, busy ? Answers.Kind.UNAVAILABLE : Answers.Kind.OTHER, waitingSince);
        } else if (cause instanceof Mqtt5ConnAckException told) {
            boolean unavailable = told.getMqttMessage().getReasonCode() == Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE;
            answers.add(CONNECT, unavailable ? Answers.Kind.UNAVAILABLE : Answers.Kind.OTHER, waitingSince);
        }
        connected = false;
        waitingSince = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RECONNECT_MILLIS);
        context.getReconnector().reconnect(!timer.isShutdown()).delay(RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How often messages had to be sent anew because the session was gone. */
    int sessionsLost() {
        return sessionsLost.get();
    }

    @Override
    void finish() {
        finishing = true;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        if (connected) {
            client.disconnect();
        }
    }
}
