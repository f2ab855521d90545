/** The whole service on one machine, the simulated devices and the command line. */
package org.lifelog.local;
