/** Topics that are followed from their beginning. */
package org.lifelog.gateway.follow;
