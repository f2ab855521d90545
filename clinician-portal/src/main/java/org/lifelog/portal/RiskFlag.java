package org.lifelog.portal;

/**
 * What a clinician should look at first: a figure of the last days that is past its limit.
 *
 * @param code of the rule, such as {@code below54}
 * @param value the figure, in the unit of the rule
 * @param limit which the figure is past
 * @param unit UCUM code; {@code %} for percent and for points of percent, {@code 1} for a number of readings
 */
public record RiskFlag(String code, double value, double limit, String unit) {}
