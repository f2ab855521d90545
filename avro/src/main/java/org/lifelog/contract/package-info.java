/** The contract between the services: topics and their keys, the metric catalogue, units, centers, windows and the codes of judgement. */
package org.lifelog.contract;
