package org.lifelog.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.hivemq.client.mqtt.MqttClientState;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Publishes batches with QoS 1 to the topics of their devices. What is not acknowledged is published again. */
final class MqttSender implements ReadingSender {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ACKNOWLEDGE_SECONDS = 30;

    private final String center;
    private final Mqtt3AsyncClient client;

    /** Connects with the first batch. */
    MqttSender(String gateway, String center, ServiceCredentials.Account account) {
        URI address = URI.create(gateway);
        this.center = center;
        this.client = Mqtt3Client.builder()
                .identifier("lifelog-send-" + UUID.randomUUID())
                .serverHost(address.getHost())
                .serverPort(address.getPort())
                .simpleAuth()
                .username(account.username())
                .password(account.password().getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth()
                .buildAsync();
    }

    @Override
    public Outcome send(List<Outgoing> batch) throws InterruptedException {
        Map<String, ArrayNode> byDevice = new LinkedHashMap<>();
        for (Outgoing reading : batch) {
            String device = reading.json().path("device").asText();
            if (device.isEmpty()) {
                throw new UserException("Line " + reading.line() + " names no device, which MQTT needs for its topic."
                        + " Give it with --device.");
            }
            byDevice.computeIfAbsent(device, name -> JSON.createArrayNode()).add(reading.json());
        }
        for (Map.Entry<String, ArrayNode> entry : byDevice.entrySet()) {
            ObjectNode message = JSON.createObjectNode();
            message.set("readings", entry.getValue());
            publish("centers/" + center + "/devices/" + entry.getKey() + "/readings", message);
        }
        return new Outcome(batch.size(), List.of());
    }

    private void publish(String topic, ObjectNode message) throws InterruptedException {
        byte[] payload;
        try {
            payload = JSON.writeValueAsBytes(message);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        Patience patience = new Patience();
        while (true) {
            try {
                connect();
                client.publishWith()
                        .topic(topic)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(payload)
                        .send()
                        .get(ACKNOWLEDGE_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                if (String.valueOf(e.getMessage()).contains("BAD_USER_NAME_OR_PASSWORD")) {
                    throw new UserException("The gateway does not know this username and password.", e);
                }
                patience.pause("The gateway does not acknowledge over MQTT");
            } catch (TimeoutException e) {
                client.disconnect();
                patience.pause("The gateway does not acknowledge over MQTT");
            }
        }
    }

    private void connect() throws ExecutionException, InterruptedException, TimeoutException {
        if (client.getState() == MqttClientState.DISCONNECTED) {
            client.connectWith().keepAlive(30).send().get(ACKNOWLEDGE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        if (client.getState().isConnected()) {
            client.disconnect();
        }
    }
}
