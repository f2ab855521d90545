/** What the streams remember of the readings of the last weeks: every one, with its value, in a few bytes each. */
package org.lifelog.streams.history;
