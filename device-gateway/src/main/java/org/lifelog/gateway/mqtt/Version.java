package org.lifelog.gateway.mqtt;

/** A version of MQTT that is spoken here. */
enum Version {
    MQTT_3_1_1,
    MQTT_5
}
