/** Where both protocols end: messages become records in Kafka. */
package org.lifelog.gateway.accept;
