package org.lifelog.gateway.mqtt;

import java.time.Clock;
import org.lifelog.contract.Centers;
import org.lifelog.gateway.accept.Memory;
import org.lifelog.gateway.format.Format;

/**
 * What all connections share.
 *
 * @param format the form of payloads
 * @param memory the bound of the process for messages that are not yet in Kafka
 */
public record MqttParts(
        Limits limits,
        Accepting accepting,
        Authenticating authenticating,
        Format format,
        Centers centers,
        Memory memory,
        MqttSessions sessions,
        Clock clock) {}
