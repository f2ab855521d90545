/** The forms in which vendors send readings. */
package org.lifelog.gateway.format;
