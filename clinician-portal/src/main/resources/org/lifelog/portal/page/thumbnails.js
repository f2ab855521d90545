// The last days as small traces beside each other.

import { h, svg } from './dom.js';
import { number, percent, t } from './messages.js';
import { DAY, show } from './time.js';
import { linePath, linear } from './traces.js';

const DAYS = 14;
const WIDTH = 140;
const HEIGHT = 66;
const TOP = 350;

/** The last fourteen dates up to the last day, each with its day where it has readings. */
export function lastDays(daily) {
  if (daily.length === 0) return [];
  const byDate = new Map(daily.map((day) => [day.date, day]));
  const last = Date.parse(daily.at(-1).date);
  return Array.from({ length: DAYS }, (none, i) => new Date(last - (DAYS - 1 - i) * DAY).toISOString().slice(0, 10))
    .map((date) => ({ date, day: byDate.get(date) }));
}

export const dayText = (day, zone) => t('dayLabel', {
  date: show((Date.parse(day.from) + Date.parse(day.to)) / 2, zone, 'longDay'), n: number(day.n),
  inRange: percent(day.timeInRange.in70to180, 0), low: percent(day.timeInRange.below70, 0), high: percent(day.timeInRange.above180, 0),
});

/** The drawing of one day. */
export function thumbnail(trace, longest) {
  const x = linear(0, 1440, 0, WIDTH);
  const y = linear(40, TOP, HEIGHT, 0);
  return svg('svg', { class: 'thumb', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' },
    svg('rect', { class: 'thumb-back', x: 0, y: 0, width: WIDTH, height: HEIGHT }),
    svg('rect', { class: 'target-shade', x: 0, y: y(180), width: WIDTH, height: y(70) - y(180) }),
    [[70, 'low'], [180, 'high']].map(([value, key]) => svg('line', { class: `limit ${key}`, x1: 0, x2: WIDTH, y1: y(value), y2: y(value) })),
    [360, 720, 1080].map((minute) => svg('line', { class: 'grid', x1: x(minute), x2: x(minute), y1: 0, y2: HEIGHT })),
    trace ? svg('path', { class: 'thumb-line', d: linePath(trace.points, x, y, longest) }) : null);
}

/**
 * The days as buttons.
 *
 * @param what { daily, traces, longest, zone }
 * @param on { hover(date or null), open(day) }
 */
export function thumbnails(what, on) {
  return h('ol', { class: 'thumbs', 'data-testid': 'thumbnails' }, lastDays(what.daily).map(({ date, day }) => {
    const noon = Date.parse(`${date}T12:00:00Z`);
    const name = h('span', { class: 'thumb-date' }, show(noon, 'UTC', 'longDay'));
    if (!day) return h('li', {}, h('div', { class: 'thumb-empty' }, name, thumbnail(null, Infinity), h('span', { class: 'muted' }, t('noReadingsShort'))));
    return h('li', {}, h('button', {
      type: 'button', 'data-testid': 'thumbnail', 'data-date': date, 'aria-label': dayText(day, what.zone),
      onpointerenter: () => on.hover(date), onpointerleave: () => on.hover(null), onfocus: () => on.hover(date), onblur: () => on.hover(null),
      onclick: () => on.open(day),
    }, name, thumbnail(what.traces.get(date), what.longest), h('span', { class: 'thumb-share' }, `${percent(day.timeInRange.in70to180, 0)} ${t('inRangeShort')}`)));
  }));
}
