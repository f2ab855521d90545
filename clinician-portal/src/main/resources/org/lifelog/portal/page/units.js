// Units and values of the catalogue as people write them.

import { currentLanguage, has, t } from './messages.js';

/** UCUM codes as people write them; those in words are texts of the page. */
const UNITS = {
  '/min': '/min', 'mm[Hg]': 'mmHg', Cel: '°C', '[ppm]': 'ppm', 'dB[SPL]': 'dB', 'ug/m3': 'µg/m³', 'kg/m2': 'kg/m²',
};

export function unitText(unit) {
  const key = `unit.${unit.replace(/[{}]/g, '')}`;
  return has(key) ? t(key) : UNITS[unit] ?? unit;
}

export const plainText = (value) => new Intl.NumberFormat(currentLanguage(), { maximumSignificantDigits: 4 }).format(value);

/** How values of a metric are shown that are not glucose. */
export function genericScale(metric) {
  return { unit: unitText(metric.unit), of: (value) => value, text: plainText, axis: plainText };
}

/** A value of an attribute, in words. */
export function attributesText(attributes) {
  return attributes.split(';').filter(Boolean).map((pair) => {
    const [key, value] = pair.split('=');
    return has(`value.${value}`) ? t(`value.${value}`) : key === 'frequency' ? `${value} Hz` : value;
  }).join(', ');
}

/** A time of day of some minutes after midnight. */
export function clockText(minutes) {
  const whole = ((Math.round(minutes) % 1440) + 1440) % 1440;
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}

/** A length of time of some minutes. */
export function lengthText(minutes) {
  const whole = Math.round(minutes);
  return whole < 60 ? t('minutesText', { m: whole }) : t('hoursText', { h: Math.floor(whole / 60), m: whole % 60 });
}
