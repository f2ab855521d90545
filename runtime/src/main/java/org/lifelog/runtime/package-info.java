/** What every service needs: typed configuration, metrics and health on the management port, orderly shutdown, password hashes. */
package org.lifelog.runtime;
