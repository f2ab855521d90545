/** Who sends, and for which centers. */
package org.lifelog.gateway.access;
