// The figures of a glucose report, below the statement whether they stand on enough data.

import { rangeList, stackedBar } from './bars.js';
import { h } from './dom.js';
import { number, percent, t } from './messages.js';
import { show } from './time.js';

const DAYS_NEEDED = 14;

/** mg/dL of one mmol/L: the molar mass of glucose is 180.1559 g/mol. */
export const MGDL_PER_MMOL = 18.01559;

/** How values that are kept in mg/dL are shown. */
export const glucoseUnit = (unit) => (unit === 'mmol/L'
  ? { unit, digits: 1, of: (value) => value / MGDL_PER_MMOL, text: (value) => number(value / MGDL_PER_MMOL, 1) }
  : { unit, digits: 0, of: (value) => value, text: (value) => number(value, 0) });

/** Whether the figures stand on enough data, and if not, what is missing. */
export function sufficiency(report, spot, prefix = '') {
  const { enough } = report.sufficiency;
  let text = t('noReadings');
  if (report.n > 0) {
    const values = { days: number(report.days, 1), active: percent(report.activePercent ?? 0) };
    if (enough) text = t('enoughText', values);
    else if (spot) text = t('spot');
    else text = t(Math.round(report.days * 10) / 10 < DAYS_NEEDED ? 'tooShort' : 'tooSparse', values);
  }
  return h('p', { class: `sufficiency ${enough ? 'good' : 'warn'}`, 'data-testid': `${prefix}sufficiency`, 'data-enough': String(enough) },
    h('span', { class: 'mark', 'aria-hidden': 'true' }, enough ? '✓' : '!'),
    h('span', {}, h('strong', {}, t(enough ? 'enough' : spot && report.n > 0 ? 'spotTitle' : 'notEnough')), ' ', text));
}

/** The figures of the period before, where both can be compared. */
export function comparable(report, spot) {
  const before = report.previous;
  return before && (spot ? before.n > 1 && report.n > 1 : before.sufficiency.enough && report.sufficiency.enough) ? before : null;
}

/** The difference to the period before, in words and with a sign. */
function delta(now, before, digits, unit, testId) {
  if (before === null || before === undefined || now === null || now === undefined) return null;
  const step = number(Math.abs(now - before), digits);
  const sign = Number(Math.abs(now - before).toFixed(digits)) === 0 ? '±' : now > before ? '+' : '−';
  return h('dd', { class: 'delta', 'data-testid': testId }, `${sign}${step}`, h('span', {}, ` ${t('before', { value: `${number(before, digits)} ${unit}` })}`));
}

/** Mean, GMI and what else is one number each. */
export function figureList(report, scale, spot, prefix = '') {
  const before = comparable(report, spot);
  const figure = (id, name, unit, digits, of, hint) => {
    const now = of(report);
    const known = now !== null && now !== undefined;
    return h('div', { class: 'figure', id: prefix ? undefined : `figure-${id}`, 'data-testid': `${prefix}figure-${id}` },
      h('dt', {}, name),
      h('dd', {}, h('span', { class: 'value', 'data-testid': `${prefix}figure-${id}-value` }, known ? number(now, digits) : '–'), known ? h('span', { class: 'unit' }, unit) : null),
      hint ? h('dd', { class: 'hint' }, hint) : null,
      before ? delta(now, of(before), digits, unit, `${prefix}figure-${id}-delta`) : null);
  };
  const mean = report.n > 1 ? t('meanHint', { median: scale.text(report.median), sd: scale.text(report.sd) }) : null;
  const glucose = (value) => (value === null ? null : scale.of(value));
  return h('dl', { class: 'figures' },
    figure('in-range', t(spot ? 'readingsInRange' : 'inRange'), '%', 1, (of) => of.timeInRange?.in70to180, spot ? t('ofReadings') : t('inRangeGoal')),
    figure('mean', t('mean'), scale.unit, scale.digits, (of) => glucose(of.mean), mean),
    // Defined for continuous monitors only, like the activity.
    spot ? null : figure('gmi', t('gmi'), '%', 1, (of) => of.gmi, t('gmiHint')),
    figure('cv', t('cv'), '%', 1, (of) => of.cv, spot ? null : t('cvGoal')),
    spot ? figure('per-day', t('perDay'), '', 1, (of) => (of.days > 0 ? of.n / Math.max(1, of.days) : null), t('readings', { n: number(report.n) }))
      : figure('active', t('active'), '%', 1, (of) => of.activePercent, t('activeGoal')));
}

/** The bar of the ranges and the goals beside each. */
export function rangeBox(report, scale, spot, prefix = '') {
  return h('div', { class: 'range-box', 'data-testid': `${prefix}time-in-range` },
    stackedBar(report.timeInRange, t(spot ? 'readingsInRange' : 'timeInRange')),
    rangeList(report.timeInRange, scale.text, scale.unit, { goals: !spot, before: comparable(report, spot)?.timeInRange, prefix }));
}

/** Which time the figures are compared with, or why they are not. */
export function comparison(report, zone, spot, prefix = '') {
  if (!report.previous) return null;
  const period = { from: show(report.previous.from, zone, 'date'), to: show(report.previous.to, zone, 'date') };
  return h('p', { class: 'muted comparison', 'data-testid': `${prefix}comparison` }, t(comparable(report, spot) ? 'comparedWith' : 'notCompared', period));
}

export const periodText = (report, zone) => t('reportPeriod', { from: show(report.from, zone, 'date'), to: show(report.to, zone, 'date') });
