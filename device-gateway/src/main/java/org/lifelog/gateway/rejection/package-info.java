/** What streams did not believe, for the vendor that sent it. */
package org.lifelog.gateway.rejection;
