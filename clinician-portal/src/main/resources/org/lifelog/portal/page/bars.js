// Bars of time in range: always in the same order from low to high, so that colour is never the only sign.

import { h, svg } from './dom.js';
import { percent, t } from './messages.js';

/** The five ranges that do not overlap, lowest first, of the API's timeInRange, which does. */
export function ranges(timeInRange) {
  return [
    { key: 'veryLow', value: timeInRange.below54 },
    { key: 'low', value: timeInRange.below70 - timeInRange.below54 },
    { key: 'target', value: timeInRange.in70to180 },
    { key: 'high', value: timeInRange.above180 - timeInRange.above250 },
    { key: 'veryHigh', value: timeInRange.above250 },
  ];
}

/** One horizontal bar that fills its box. */
export function stackedBar(timeInRange, label) {
  let x = 0;
  const parts = ranges(timeInRange).map(({ key, value }) => {
    const rect = svg('rect', { class: `range ${key}`, x, y: 0, width: value, height: 10 });
    x += value;
    return rect;
  });
  return svg('svg', { class: 'stacked', viewBox: '0 0 100 10', preserveAspectRatio: 'none', role: 'img', 'aria-label': label }, parts);
}

const LIMITS = {
  veryLow: (of) => `< ${of(54)}`,
  low: (of) => `${of(54)}–${of(70)}`,
  target: (of) => `${of(70)}–${of(180)}`,
  high: (of) => `${of(180)}–${of(250)}`,
  veryHigh: (of) => `> ${of(250)}`,
};

/** Goals of the consensus of 2019 for adults, each on all of the time past a limit, in percent. */
export const GOALS = {
  veryHigh: { key: 'above250', limit: 250, sign: '>', most: 5 }, high: { key: 'above180', limit: 180, sign: '>', most: 25 },
  target: { key: 'in70to180', least: 70 },
  low: { key: 'below70', limit: 70, sign: '<', most: 4 }, veryLow: { key: 'below54', limit: 54, sign: '<', most: 1 },
};

/** The goal of a range and whether it is met, in words. */
function goalLine(key, timeInRange, limit, prefix) {
  const goal = GOALS[key];
  const value = timeInRange[goal.key];
  const met = goal.most === undefined ? value > goal.least : value < goal.most;
  const text = goal.most === undefined
    ? t('goalLeast', { goal: goal.least })
    : t('goalMost', { what: `${goal.sign} ${limit(goal.limit)}`, value: percent(value), goal: goal.most });
  return h('small', { class: `goal ${met ? 'met' : 'missed'}`, 'data-testid': `${prefix}goal-${key}`, 'data-met': String(met) }, 
    h('span', { 'aria-hidden': 'true' }, `${met ? '✓' : '✗'} `), text, h('span', { class: 'hidden-visually' }, `, ${t(met ? 'met' : 'missed')}`));
}

/**
 * The ranges with their limits and shares, as a list. `limit` shows a limit of mg/dL in the unit of the page.
 *
 * @param more { goals: whether to show them, before: the shares of the time before, prefix of the test ids }
 */
export function rangeList(timeInRange, limit, unit, { goals = false, before = null, prefix = '' } = {}) {
  const earlier = before && new Map(ranges(before).map((one) => [one.key, one.value]));
  return h('ul', { class: 'ranges' }, ranges(timeInRange).map(({ key, value }) =>
    h('li', { 'data-testid': `${prefix}range-${key}` },
      h('span', { class: `swatch ${key}`, 'aria-hidden': 'true' }),
      h('span', { class: 'range-name' }, t(key), h('small', {}, `${LIMITS[key](limit)} ${unit}`)),
      h('strong', {}, percent(value)),
      earlier ? h('small', { class: 'range-before' }, t('before', { value: percent(earlier.get(key)) })) : null,
      goals ? goalLine(key, timeInRange, limit, prefix) : null)));
}

const HEIGHT = 110;
const TOP = 18;

/**
 * Daily bars under a plot, on the plot's own days.
 *
 * @param days of the glucose call
 * @param plot { left, width, position(millis) } in CSS pixels
 * @param show { label(day), onday(day) }
 */
export function dailyBars(days, plot, show) {
  const right = plot.left + plot.width;
  const bars = days.map((day) => {
    const from = Math.max(plot.left, plot.position(Date.parse(day.from)));
    const to = Math.min(right, plot.position(Date.parse(day.to)));
    if (to - from < 1) return null;
    const gap = Math.min(3, (to - from) * 0.1);
    let y = HEIGHT;
    const parts = ranges(day.timeInRange).map(({ key, value }) => {
      const height = ((HEIGHT - TOP) * value) / 100;
      y -= height;
      return svg('rect', { class: `range ${key}`, x: from + gap, y, width: to - from - 2 * gap, height });
    });
    const wide = to - from > 30;
    const zoom = () => show.onday(day);
    return svg('g', {
      class: 'day', role: 'button', tabindex: 0, 'aria-label': show.label(day), 'data-testid': 'daily-bar', 'data-date': day.date,
      onclick: zoom,
      onkeydown: (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); zoom(); } },
    },
      svg('title', {}, show.label(day)),
      svg('rect', { class: 'day-back', x: from + gap, y: TOP, width: to - from - 2 * gap, height: HEIGHT - TOP }),
      parts,
      wide ? svg('text', { x: (from + to) / 2, y: TOP - 6, 'text-anchor': 'middle' }, Math.round(day.timeInRange.in70to180)) : null);
  });
  return svg('svg', { class: 'daily', width: '100%', height: HEIGHT, role: 'group', 'aria-label': t('daily') }, bars,
    svg('text', { class: 'unit', x: plot.left - 10, y: TOP - 6, 'text-anchor': 'end' }, '%'),
    [0, 50, 100].map((at) => svg('text', { class: 'tick', x: plot.left - 10, y: HEIGHT - ((HEIGHT - TOP) * at) / 100 + (at === 0 ? -1 : 4), 'text-anchor': 'end' }, at)));
}
