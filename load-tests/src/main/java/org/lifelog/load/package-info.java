/** Benchmarks of the service, and drills of its faults. */
package org.lifelog.load;
