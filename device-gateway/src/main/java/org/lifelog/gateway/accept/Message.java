package org.lifelog.gateway.accept;

import java.util.Optional;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.format.Format;

/**
 * A message as both protocols hand it over.
 *
 * @param body its bytes, not compressed
 * @param device the device that the address names; always there over MQTT
 * @param subject the subject that the address names
 * @param lane keeps the order among the messages of a connection
 */
public record Message(
        Sender sender,
        byte[] body,
        Format format,
        Optional<String> device,
        Optional<String> subject,
        Protocol protocol,
        Lane lane,
        TraceContext trace) {}
