/** The front door: takes readings over HTTP and MQTT, and acknowledges them once Kafka has them. */
package org.lifelog.gateway;
