/** Benchmarks of the service. */
package org.lifelog.load;
