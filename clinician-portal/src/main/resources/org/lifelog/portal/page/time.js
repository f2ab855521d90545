// Times, always shown in the center's zone and never in the browser's.

import { currentLanguage } from './messages.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const formats = new Map();

function format(zone, style) {
  const key = `${currentLanguage()} ${zone} ${style}`;
  if (!formats.has(key)) {
    const parts = {
      full: { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
      date: { year: 'numeric', month: 'short', day: 'numeric' },
      day: { month: 'short', day: 'numeric' },
      weekday: { weekday: 'short' },
      longDay: { weekday: 'short', month: 'short', day: 'numeric' },
      clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
      moment: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
      month: { year: 'numeric', month: 'short' },
    }[style];
    formats.set(key, new Intl.DateTimeFormat(currentLanguage(), { timeZone: zone, ...parts }));
  }
  return formats.get(key);
}

export const show = (time, zone, style) => format(zone, style).format(new Date(time));

/** How long ago, in words. */
export function ago(time) {
  const seconds = (new Date(time) - Date.now()) / 1000;
  const relative = new Intl.RelativeTimeFormat(currentLanguage(), { numeric: 'auto' });
  for (const [unit, size] of [['year', 31_557_600], ['month', 2_629_800], ['day', 86_400], ['hour', 3_600], ['minute', 60]]) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(0, 'minute');
}
