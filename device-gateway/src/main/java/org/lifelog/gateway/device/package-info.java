/** The devices, and to whom they are assigned. */
package org.lifelog.gateway.device;
