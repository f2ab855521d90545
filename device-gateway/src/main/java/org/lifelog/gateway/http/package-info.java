/** The gateway over HTTP. */
package org.lifelog.gateway.http;
