package org.lifelog.gateway.accept;

/** The protocol by which a message came, as it stands in the meters. */
public enum Protocol {
    HTTP("http"),
    MQTT("mqtt");

    private final String tag;

    Protocol(String tag) {
        this.tag = tag;
    }

    public String tag() {
        return tag;
    }
}
