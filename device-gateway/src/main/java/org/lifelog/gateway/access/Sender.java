package org.lifelog.gateway.access;

/**
 * On whose behalf a message is taken.
 *
 * @param center the center that it is for
 * @param vendor name of the credential that sent it
 */
public record Sender(String center, String vendor) {}
