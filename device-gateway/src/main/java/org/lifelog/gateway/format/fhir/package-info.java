/** Readings as FHIR R4 Observations, alone or in a Bundle. */
package org.lifelog.gateway.format.fhir;
