/** Readings as Open mHealth and IEEE 1752.1 data points. */
package org.lifelog.gateway.format.openmhealth;
