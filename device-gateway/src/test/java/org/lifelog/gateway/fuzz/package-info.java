/** Mutated messages over real connections. */
package org.lifelog.gateway.fuzz;
