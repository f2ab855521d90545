/** The gateway over MQTT. */
package org.lifelog.gateway.mqtt;
