/**
 * The clinician's view of the stored lifelogs: a REST API and a web page over the database. It reads readings and
 * aggregates and writes one thing only, the audit of who read whose data.
 */
package org.lifelog.portal;
