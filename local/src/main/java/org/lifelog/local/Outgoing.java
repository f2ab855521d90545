package org.lifelog.local;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A reading on its way to the gateway.
 *
 * @param line where it stands in its file, from 1; 0 where it comes from no file
 * @param json as the readings call takes it
 */
public record Outgoing(long line, ObjectNode json) {}
