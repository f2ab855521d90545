/** Glucose entries as uploaders send them to a Nightscout server. */
package org.lifelog.gateway.format.nightscout;
