/** What can go wrong, and what each protocol says to it. */
package org.lifelog.gateway.failure;
