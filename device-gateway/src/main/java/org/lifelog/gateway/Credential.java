package org.lifelog.gateway;

/**
 * Who sends.
 *
 * @param username name of the vendor's credential
 * @param center the center that it may send for
 */
record Credential(String username, String center) {}
