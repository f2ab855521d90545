// Glucose that was measured now and then: a modal day in bins of three hours, and the figures of each meal tag.

import { axisTop, clockOf, dayFrame } from './agp.js';
import { h, svg } from './dom.js';
import { number, percent, t } from './messages.js';

const BIN = 180;

/** A shape for each tag, so that colour is not the only sign. */
export function mealMark(meal, x, y, size = 5) {
  const shapes = {
    fasting: () => svg('circle', { cx: x, cy: y, r: size * 0.85 }),
    before: () => svg('path', { d: `M${x} ${y - size}l${size} ${2 * size}h${-2 * size}z` }),
    after: () => svg('path', { d: `M${x - size} ${y - size}h${2 * size}l${-size} ${2 * size}z` }),
    bedtime: () => svg('path', { d: `M${x} ${y - size}l${size} ${size}l${-size} ${size}l${-size} ${-size}z` }),
    '': () => svg('rect', { x: x - size * 0.75, y: y - size * 0.75, width: size * 1.5, height: size * 1.5 }),
  };
  const shape = (shapes[meal] ?? shapes[''])();
  shape.setAttribute('class', `meal ${meal || 'untagged'}`);
  return shape;
}

export const mealName = (meal) => t(`meal.${meal || 'none'}`);

/** Legend of the tags. */
export const mealLegend = (meals) => h('ul', { class: 'legend' }, meals.map((meal) => h('li', {},
  svg('svg', { class: 'meal-key', viewBox: '0 0 14 14', 'aria-hidden': 'true' }, mealMark(meal, 7, 7)), mealName(meal))));

/**
 * The drawing.
 *
 * @param points [[minute, value, meal]]
 */
export function modalDayDrawing(modalDay, points, scale, width, height) {
  const { frame, x, y } = dayFrame(width, height, axisTop(points.map((point) => point[1]).concat(modalDay.bins.map((bin) => bin.max))), scale);
  return svg('svg', { class: 'agp', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': t('modalDay') },
    frame,
    modalDay.bins.map((bin) => {
      const from = x(bin.minute) + 3;
      const size = x(bin.minute + BIN) - x(bin.minute) - 6;
      return svg('g', { class: 'bin' },
        svg('rect', { class: 'outer', x: from, y: y(bin.max), width: size, height: Math.max(1, y(bin.min) - y(bin.max)), rx: 4 }),
        svg('rect', { class: 'inner', x: from, y: y(bin.p75), width: size, height: Math.max(1, y(bin.p25) - y(bin.p75)) }),
        svg('line', { class: 'median', x1: from, x2: from + size, y1: y(bin.p50), y2: y(bin.p50) }));
    }),
    points.map(([minute, value, meal]) => mealMark(meal, x(minute), y(value), 4)));
}

function table(name, testId, heads, rows) {
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name }, h('table', { 'data-testid': testId },
    h('caption', { class: 'hidden-visually' }, name),
    h('thead', {}, h('tr', {}, heads.map((text) => h('th', { scope: 'col' }, text)))),
    h('tbody', {}, rows.map(([first, ...cells]) => h('tr', {}, h('th', { scope: 'row' }, first), cells.map((cell) => h('td', {}, cell)))))));
}

/** The figures of each tag. */
export const mealTable = (modalDay, scale, testId = 'meal-table') => table(t('byMeal'), testId,
  [t('mealTag'), 'n', `${t('mean')} (${scale.unit})`, t('lowestHighest'), t('inRange')],
  modalDay.meals.map((meal) => [mealName(meal.meal), number(meal.n), scale.text(meal.mean), `${scale.text(meal.min)}–${scale.text(meal.max)}`, percent(meal.timeInRange.in70to180, 0)]));

/** The figures of each three hours. */
export const binTable = (modalDay, scale) => h('details', { class: 'as-table' }, h('summary', {}, t('profileTable')), table(t('modalDay'), 'bin-table',
  [t('timeOfDay'), 'n', t('mean'), t('median'), '25–75 %', t('lowestHighest'), t('mealTag')],
  modalDay.bins.map((bin) => [`${clockOf(bin.minute)}–${clockOf(bin.minute + BIN)}`, number(bin.n), scale.text(bin.mean), scale.text(bin.p50), `${scale.text(bin.p25)}–${scale.text(bin.p75)}`,
    `${scale.text(bin.min)}–${scale.text(bin.max)}`, Object.entries(bin.meals).map(([meal, n]) => `${mealName(meal)} ${n}`).join(', ')])));
