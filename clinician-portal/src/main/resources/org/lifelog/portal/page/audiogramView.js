// The audiogram as audiologists draw it: right ear a red O, left ear a blue X, loud below, an octave as wide as 20 dB.

import * as api from './api.js';
import { h, svg } from './dom.js';
import { number, t } from './messages.js';
import { iso, PeriodView } from './periodView.js';
import { dataTable, figureList } from './tables.js';
import { show } from './time.js';
import { plainText } from './units.js';

const FREQUENCIES = [125, 250, 500, 1000, 2000, 4000, 8000];
const BETWEEN = [3000, 6000];
const [TOP_DB, BOTTOM_DB] = [-10, 120];
const OCTAVE = 68;
const PIXELS_PER_DB = OCTAVE / 20;
const [LEFT, TOP] = [64, 58];
const WIDTH = LEFT + OCTAVE * 7 + 8;
const HEIGHT = TOP + (BOTTOM_DB - TOP_DB) * PIXELS_PER_DB + 16;
const EARS = ['right', 'left'];
/** So many tests are shown at first. */
const SHOWN = 3;

const x = (frequency) => LEFT + OCTAVE * (Math.log2(frequency / 125) + 0.5);
const y = (threshold) => TOP + (threshold - TOP_DB) * PIXELS_PER_DB;
const tests = (ear) => Object.entries(ear?.thresholds ?? {}).map(([frequency, threshold]) => [Number(frequency), threshold]).sort((a, b) => a[0] - b[0]);

function symbol(ear, frequency, threshold) {
  const [cx, cy] = [x(frequency), y(threshold)];
  return ear === 'right' ? svg('circle', { cx, cy, r: 6.5 }) : svg('path', { d: `M${cx - 6} ${cy - 6}L${cx + 6} ${cy + 6}M${cx + 6} ${cy - 6}L${cx - 6} ${cy + 6}` });
}

function curve(ear, test, age) {
  const points = tests(test[ear]);
  return svg('g', { class: `ear ${ear} age-${Math.min(age, 3)}`, 'data-testid': `ear-${ear}`, 'data-date': test.date },
    svg('polyline', { points: points.map(([frequency, threshold]) => `${x(frequency)},${y(threshold)}`).join(' ') }),
    points.map(([frequency, threshold]) => symbol(ear, frequency, threshold)));
}

function grid(usual) {
  const right = LEFT + OCTAVE * 7;
  const bottom = y(BOTTOM_DB);
  const levels = Array.from({ length: (BOTTOM_DB - TOP_DB) / 10 + 1 }, (none, i) => TOP_DB + 10 * i);
  return [
    usual ? svg('rect', { class: 'usual', x: LEFT, y: y(usual.min), width: right - LEFT, height: y(usual.max) - y(usual.min) }) : null,
    levels.map((level) => [svg('line', { class: level === 0 ? 'zero' : '', x1: LEFT, x2: right, y1: y(level), y2: y(level) }),
      level % 20 === 0 ? svg('text', { x: LEFT - 8, y: y(level) + 4, 'text-anchor': 'end' }, level) : null]),
    FREQUENCIES.map((frequency) => [svg('line', { x1: x(frequency), x2: x(frequency), y1: TOP, y2: bottom }), svg('text', { x: x(frequency), y: TOP - 8, 'text-anchor': 'middle' }, frequency)]),
    BETWEEN.map((frequency) => [svg('line', { class: 'between', x1: x(frequency), x2: x(frequency), y1: TOP, y2: bottom }), svg('text', { class: 'small', x: x(frequency), y: TOP - 22, 'text-anchor': 'middle' }, frequency)]),
    svg('rect', { class: 'frame', x: LEFT, y: TOP, width: right - LEFT, height: bottom - TOP }),
    svg('text', { x: (LEFT + right) / 2, y: 16, 'text-anchor': 'middle' }, t('frequencyAxis')),
    svg('text', { x: 16, y: (TOP + bottom) / 2, 'text-anchor': 'middle', transform: `rotate(-90 16 ${(TOP + bottom) / 2})` }, t('hearingAxis')),
  ];
}

export class AudiogramView extends PeriodView {
  constructor(tab) {
    super(tab, { preset: 'all', presets: ['days90', 'all'] });
    this.above = h('div', {});
    this.picture = h('div', { class: 'audiogram-box' });
    this.side = h('div', { class: 'audiogram-side' });
    this.below = h('div', {});
    this.body.replaceChildren(this.above, h('div', { class: 'audiogram' }, this.picture, this.side), this.below);
  }

  fetch(view, signal) {
    return api.audiogram(this.center.code, this.subject, { from: iso(view.from), to: iso(view.to) }, signal);
  }

  date(test) {
    // A day of the zone; noon lies in it wherever the browser is.
    return show(`${test.date}T12:00:00Z`, 'UTC', 'date');
  }

  paint(report) {
    this.report = report;
    this.chosen = new Set(report.tests.slice(0, SHOWN).map((test) => test.date));
    const [newest] = report.tests;
    const average = (ear) => {
      const value = newest?.[ear]?.pureToneAverage;
      return [`pta-${ear}`, t(`average.${ear}`), value === undefined ? '–' : number(value, 1), 'dB HL', value === undefined ? t('averageMissing') : t('averageHint', { date: this.date(newest) })];
    };
    this.above.replaceChildren(figureList(EARS.map(average)));
    this.draw();
    const frequencies = [...new Set(report.tests.flatMap((test) => EARS.flatMap((ear) => tests(test[ear]).map(([frequency]) => frequency))))].sort((a, b) => a - b);
    this.below.replaceChildren(dataTable(t('audiogramCaption'),
      [t('date'), t('earHead'), ...frequencies.map((frequency) => `${frequency} Hz`), t('averageHead')],
      report.tests.flatMap((test) => EARS.filter((ear) => test[ear]).map((ear) => [
        this.date(test), t(`value.${ear}`), ...frequencies.map((frequency) => (frequency in test[ear].thresholds ? plainText(test[ear].thresholds[frequency]) : '–')),
        test[ear].pureToneAverage === undefined ? '–' : number(test[ear].pureToneAverage, 1)]))));
  }

  draw() {
    const all = this.report.tests;
    const shown = all.filter((test) => this.chosen.has(test.date));
    const said = shown.length
      ? EARS.map((ear) => t('audiogramEar', { ear: t(`value.${ear}`), values: tests(shown[0][ear]).map(([frequency, threshold]) => `${frequency} Hz ${plainText(threshold)}`).join(', ') || t('noReadings') })).join('; ')
      : t('noReadings');
    const usual = this.held[0].metric.usual;
    this.picture.replaceChildren(svg('svg', { class: 'audiogram-chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'data-testid': 'trend', 'data-points': shown.length, 'aria-label': `${t('tab.audiogram')}: ${shown.length ? `${this.date(shown[0])}. ` : ''}${said} (dB HL)` },
      // The newest on top of older ones.
      grid(usual), [...shown].reverse().map((test) => EARS.map((ear) => curve(ear, test, shown.indexOf(test))))));
    const key = (ear) => svg('svg', { class: 'ear-key', width: 40, height: 18, viewBox: '0 0 40 18', 'aria-hidden': 'true' },
      svg('g', { class: `ear ${ear} age-0` }, svg('path', { class: 'wire', d: 'M0 9H40' }), ear === 'right' ? svg('circle', { cx: 20, cy: 9, r: 6.5 }) : svg('path', { d: 'M14 3L26 15M26 3L14 15' })));
    this.side.replaceChildren(
      h('ul', { class: 'legend column' }, EARS.map((ear) => h('li', {}, key(ear), t(`legend.${ear}`))),
        usual ? h('li', {}, h('span', { class: 'key shade', 'aria-hidden': 'true' }), t('legendUsual', { min: usual.min, max: `${usual.max} dB HL` })) : null),
      h('fieldset', {}, h('legend', {}, t('testsShown')),
        all.slice(0, 12).map((test) => h('label', { class: 'check' },
          h('input', { type: 'checkbox', 'data-date': test.date, checked: this.chosen.has(test.date), onchange: (event) => this.toggle(test.date, event.target.checked) }), this.date(test),
          test.date === shown[0]?.date ? h('small', {}, t('strongest')) : null))));
  }

  toggle(date, on) {
    if (on) this.chosen.add(date); else this.chosen.delete(date);
    this.draw();
    this.side.querySelector(`[data-date="${date}"]`).focus();
  }
}
