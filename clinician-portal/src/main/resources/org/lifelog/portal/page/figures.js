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
  ? { unit, of: (value) => value / MGDL_PER_MMOL, text: (value) => number(value / MGDL_PER_MMOL, 1) }
  : { unit, of: (value) => value, text: (value) => number(value, 0) });

function sufficiency(report, spot) {
  const { enough } = report.sufficiency;
  let text = t('noReadings');
  if (report.n > 0) {
    const values = { days: number(report.days, 1), active: percent(report.activePercent ?? 0) };
    if (enough) text = t('enoughText', values);
    else if (spot) text = t('spot');
    else text = t(Math.round(report.days * 10) / 10 < DAYS_NEEDED ? 'tooShort' : 'tooSparse', values);
  }
  return h('p', { id: 'sufficiency', class: `sufficiency ${enough ? 'good' : 'warn'}`, 'data-testid': 'sufficiency', 'data-enough': String(enough) },
    h('span', { class: 'mark', 'aria-hidden': 'true' }, enough ? '✓' : '!'),
    h('span', {}, h('strong', {}, t(enough ? 'enough' : 'notEnough')), ' ', text));
}

function figure(id, name, value, unit, hint, state) {
  return h('div', { class: `figure ${state ?? ''}`, id: `figure-${id}`, 'data-testid': `figure-${id}` },
    h('dt', {}, name),
    h('dd', {}, h('span', { class: 'value', 'data-testid': `figure-${id}-value` }, value ?? '–'), value && unit ? h('span', { class: 'unit' }, unit) : null),
    hint ? h('dd', { class: 'hint' }, hint) : null);
}

const given = (value, text) => (value === null || value === undefined ? null : text(value));

/** The whole card. */
export function figuresCard(report, zone, scale, spot) {
  const period = t('reportPeriod', { from: show(report.from, zone, 'date'), to: show(report.to, zone, 'date') });
  // Mean, deviation and median come in mg/dL and are only shown in another unit.
  const meanHint = report.n > 1
    ? t('meanHint', { median: scale.text(report.median), sd: scale.text(report.sd) })
    : null;
  return h('section', { id: 'figures', class: 'card', 'aria-labelledby': 'figures-title', 'data-testid': 'figures' },
    h('div', { class: 'card-head' },
      h('h2', { id: 'figures-title' }, t('report')),
      h('span', { class: 'muted', 'data-testid': 'report-period' }, period, ' · ', h('span', { 'data-testid': 'report-n' }, t('readings', { n: number(report.n) })))),
    sufficiency(report, spot),
    report.n === 0 ? null : h('dl', { class: 'figures' },
      figure('in-range', t('inRange'), given(report.timeInRange, (share) => number(share.in70to180, 1)), '%', t('inRangeGoal')),
      figure('mean', t('mean'), given(report.mean, scale.text), scale.unit, meanHint),
      // Defined for continuous monitors only, like the activity.
      spot ? null : figure('gmi', t('gmi'), given(report.gmi, (value) => number(value, 1)), '%', t('gmiHint')),
      figure('cv', t('cv'), given(report.cv, (value) => number(value, 1)), '%', t('cvGoal')),
      spot ? null : figure('active', t('active'), given(report.activePercent, (value) => number(value, 1)), '%', t('activeGoal'))),
    report.n === 0 ? null : h('div', { class: 'range-box', id: 'time-in-range', 'data-testid': 'time-in-range' },
      stackedBar(report.timeInRange, t('timeInRange')),
      rangeList(report.timeInRange, scale.text, scale.unit)));
}
