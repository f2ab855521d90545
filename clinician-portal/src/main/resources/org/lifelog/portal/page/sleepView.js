// Sleep: when each night began and ended, how regular that is, and the stages of the night that is picked.

import * as api from './api.js';
import { h, svg } from './dom.js';
import { number, percent, t } from './messages.js';
import { iso, PeriodView } from './periodView.js';
import { dataTable, figureList } from './tables.js';
import { HOUR, MINUTE, show } from './time.js';
import { clockText, lengthText } from './units.js';

const LANES = ['awake', 'rem', 'light', 'deep', 'asleep'];
const PARTS = ['asleep', 'deep', 'light', 'rem', 'awake'];
const DAY_MINUTES = 1440;
const [LEFT, NIGHTS_HEIGHT, NIGHTS_TOP, LANE] = [58, 230, 12, 34];

/** Minutes after the noon before a night, so that midnight lies in the middle. */
const sinceNoon = (clock) => (clock + DAY_MINUTES / 2) % DAY_MINUTES;

/** The stage of a part of the sleep metric; one without a stage is sleep of some kind. */
const stageOf = (attributes) => attributes.replace('stage=', '') || 'asleep';

export class SleepView extends PeriodView {
  constructor(tab) {
    super(tab, { preset: 'days30' });
    this.above = h('div', {});
    this.nights = h('div', { class: 'nights', role: 'group', 'data-testid': 'trend' });
    this.night = h('section', { 'aria-labelledby': 'night-title' });
    this.below = h('div', {});
    this.body.replaceChildren(this.above, h('h3', {}, t('bedTimes')), h('p', { class: 'muted' }, t('bedTimesHint')), this.nights, this.night, this.below);
    this.resize = new ResizeObserver(() => this.data && this.root.isConnected && this.width !== this.nights.clientWidth && this.drawPictures());
    this.resize.observe(this.nights);
  }

  close() {
    super.close();
    this.resize.disconnect();
  }

  async fetch(view, signal) {
    const report = await api.sleep(this.center.code, this.subject, { from: iso(view.from), to: iso(view.to) }, signal);
    return { report, signal };
  }

  paint({ report }) {
    const { nights, regularity } = report;
    const sd = (value) => (value === undefined ? null : t('sdHint', { minutes: number(value, 0) }));
    this.nights.dataset.points = nights.length;
    this.above.replaceChildren(regularity ? figureList([
      ['asleep', t('asleepMean'), lengthText(regularity.asleepMinutes), '', t('nightsHint', { n: number(regularity.n) })],
      ['bedtime', t('bedMean'), clockText(regularity.asleepClock), '', sd(regularity.asleepSd)],
      ['waking', t('wakeMean'), clockText(regularity.wakingClock), '', sd(regularity.wakingSd)],
      ['midpoint', t('midpointSd'), regularity.midpointSd === undefined ? '–' : number(regularity.midpointSd, 0), t('minutesUnit'), t('midpointHint', { clock: clockText(regularity.midpointClock) })],
    ]) : h('p', { class: 'notice warn' }, t('noNights')));
    this.chosen = nights.find((night) => night.waking === this.chosen?.waking) ?? nights[nights.length - 1];
    this.drawPictures();
    this.below.replaceChildren(dataTable(t('nightsCaption'), [t('date'), t('bedHead'), t('wakeHead'), ...PARTS.map((part) => t(`value.${part}`)), t('efficiencyHead')],
      [...nights].reverse().map((night) => [this.date(night), show(night.asleep, this.zone, 'clock'), show(night.waking, this.zone, 'clock'),
        ...PARTS.map((part) => (part in night.minutes ? lengthText(night.minutes[part]) : '–')), night.efficiency === undefined ? '–' : percent(night.efficiency, 0)])));
  }

  date(night) {
    return show(night.waking, this.zone, 'longDay');
  }

  drawPictures() {
    const { nights } = this.data.report;
    this.width = this.nights.clientWidth;
    this.drawNights(nights);
    this.pick(this.chosen, false);
  }

  label(night) {
    return t('nightLabel', { date: this.date(night), bed: show(night.asleep, this.zone, 'clock'), wake: show(night.waking, this.zone, 'clock'), asleep: lengthText(night.minutes.asleep ?? 0) });
  }

  /** Bars from falling asleep to waking up, a column for each day; the clock runs downwards from evening to noon. */
  drawNights(nights) {
    const width = Math.max(this.width, 300);
    if (nights.length === 0) { this.nights.replaceChildren(); return; }
    const starts = nights.map((night) => sinceNoon(night.asleepClock));
    const ends = nights.map((night, i) => starts[i] + (Date.parse(night.waking) - Date.parse(night.asleep)) / MINUTE);
    const from = Math.floor(Math.min(...starts) / 60) * 60;
    const to = Math.ceil(Math.max(...ends) / 60) * 60;
    const y = (minutes) => NIGHTS_TOP + ((minutes - from) / (to - from)) * (NIGHTS_HEIGHT - NIGHTS_TOP - 34);
    const days = Math.max(1, Math.ceil((this.view.to - this.view.from) / (24 * HOUR)));
    const step = Math.min(40, (width - LEFT - 12) / days);
    const newest = Date.parse(`${nights[nights.length - 1].date}T00:00:00Z`);
    const x = (night) => width - 12 - step / 2 - step * Math.round((newest - Date.parse(`${night.date}T00:00:00Z`)) / (24 * HOUR));
    const hours = Array.from({ length: Math.floor((to - from) / 120) + 1 }, (none, i) => from + i * 120);
    const every = Math.ceil(58 / step);
    const { regularity } = this.data.report;
    this.nights.setAttribute('aria-label', t('bedTimes'));
    this.nights.replaceChildren(svg('svg', { class: 'nights-chart', width, height: NIGHTS_HEIGHT },
      hours.map((minutes) => [svg('line', { class: 'grid', x1: LEFT, x2: width, y1: y(minutes), y2: y(minutes) }), svg('text', { x: LEFT - 8, y: y(minutes) + 4, 'text-anchor': 'end' }, clockText(minutes + DAY_MINUTES / 2))]),
      [regularity.asleepClock, regularity.wakingClock].map((clock) => (sinceNoon(clock) >= from && sinceNoon(clock) <= to ? svg('line', { class: 'mean', x1: LEFT, x2: width, y1: y(sinceNoon(clock)), y2: y(sinceNoon(clock)) }) : null)),
      nights.map((night, i) => {
        const at = x(night);
        if (at < LEFT) return null;
        const pick = () => this.pick(night, true);
        return svg('g', {
          class: 'night-bar', role: 'button', tabindex: 0, 'aria-pressed': String(night === this.chosen), 'aria-label': this.label(night), 'data-testid': 'night-bar', 'data-date': night.date,
          onclick: pick, onkeydown: (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); pick(); } },
        }, svg('title', {}, this.label(night)),
          svg('rect', { x: at - step * 0.32, y: y(starts[i]), width: step * 0.64, height: Math.max(2, y(ends[i]) - y(starts[i])), rx: Math.min(4, step * 0.2) }));
      }),
      nights.map((night, i) => ((nights.length - 1 - i) % every === 0 && x(night) > LEFT + 10 ? svg('text', { x: x(night), y: NIGHTS_HEIGHT - 8, 'text-anchor': 'middle' }, show(night.waking, this.zone, 'day')) : null))));
  }

  /** Shows the stages of a night. */
  async pick(night, focus) {
    this.chosen = night;
    if (!night) { this.night.replaceChildren(); return; }
    this.nights.querySelectorAll('.night-bar').forEach((bar) => bar.setAttribute('aria-pressed', String(bar.dataset.date === night.date)));
    const { nights } = this.data.report;
    const at = nights.indexOf(night);
    const step = (id, text, other) => h('button', { type: 'button', id, 'data-testid': id, disabled: !other, onclick: () => { this.pick(other, false); document.getElementById(id)?.focus(); } }, text);
    const box = h('div', { class: 'hypnogram-box' });
    this.night.replaceChildren(
      h('div', { class: 'card-head' }, h('h3', { id: 'night-title', 'data-testid': 'night' }, this.label(night)),
        h('div', { class: 'tools' }, h('select', { 'aria-label': t('nightPick'), 'data-testid': 'night-pick', onchange: (event) => this.pick(nights[Number(event.target.value)], false) },
          nights.map((one, i) => h('option', { value: i, selected: one === night }, this.date(one))).reverse()),
        h('div', { class: 'group', role: 'group', 'aria-label': t('nightPick') }, step('night-earlier', `‹ ${t('earlier')}`, nights[at - 1]), step('night-later', `${t('later')} ›`, nights[at + 1])))),
      box, this.minutes(night));
    if (focus) this.nights.querySelector('[aria-pressed=true]')?.focus();
    // Drawn anew for another width, a night is not read anew.
    if (this.stages?.waking === night.waking) { this.drawStages(box, night, this.stages.series); return; }
    try {
      const answer = await api.series(this.center.code, this.subject, { metric: 'sleep', from: iso(Date.parse(night.asleep) - MINUTE), to: iso(Date.parse(night.waking)), resolution: 'raw' }, this.data.signal);
      if (this.chosen !== night) return;
      this.stages = { waking: night.waking, series: answer.series ?? [{ attributes: answer.attributes, points: answer.points }] };
      // A change of width meanwhile has made another box.
      this.drawStages(this.night.querySelector('.hypnogram-box'), night, this.stages.series);
    } catch (failure) {
      if (failure.name !== 'AbortError') box.replaceChildren(h('p', { class: 'notice bad' }, t('stagesFailed')));
    }
  }

  minutes(night) {
    const period = night.minutes.period ?? night.minutes.asleep;
    return h('ul', { class: 'stage-minutes', 'data-testid': 'stage-minutes' }, PARTS.filter((part) => part in night.minutes).map((part) =>
      h('li', { 'data-testid': `stage-${part}` }, h('span', { class: `stage-swatch ${part}`, 'aria-hidden': 'true' }), h('span', {}, t(`value.${part}`)), h('strong', {}, lengthText(night.minutes[part])),
        h('small', {}, percent((100 * night.minutes[part]) / period, 0)))));
  }

  drawStages(box, night, series) {
    const pieces = series.flatMap((one) => one.points.map(([time, value, , end]) => ({ stage: stageOf(one.attributes), from: time, to: end ?? time + value * MINUTE }))).sort((a, b) => a.from - b.from);
    if (pieces.length === 0) { box.replaceChildren(h('p', { class: 'muted' }, t('noStages'))); return; }
    const lanes = LANES.filter((lane) => pieces.some((piece) => piece.stage === lane));
    const width = Math.max(this.width, 300);
    const [begin, end] = [Date.parse(night.asleep), Date.parse(night.waking)];
    const x = (time) => LEFT + ((Math.min(Math.max(time, begin), end) - begin) / (end - begin)) * (width - LEFT - 12);
    const y = (stage) => 8 + lanes.indexOf(stage) * LANE;
    const bottom = 8 + lanes.length * LANE;
    const hours = [];
    for (let time = Math.ceil(begin / HOUR) * HOUR; time <= end; time += HOUR) hours.push(time);
    const said = pieces.map((piece) => `${show(piece.from, this.zone, 'clock')} ${t(`value.${piece.stage}`)}`).join(', ');
    box.replaceChildren(svg('svg', { class: 'hypnogram', width, height: bottom + 26, role: 'img', 'data-testid': 'hypnogram', 'data-pieces': pieces.length, 'aria-label': `${this.label(night)}: ${said}` },
      hours.map((time) => [svg('line', { class: 'grid', x1: x(time), x2: x(time), y1: 4, y2: bottom }), svg('text', { x: Math.min(x(time), width - 20), y: bottom + 18, 'text-anchor': 'middle' }, show(time, this.zone, 'clock'))]),
      lanes.map((lane) => svg('text', { x: LEFT - 8, y: y(lane) + LANE / 2 + 4, 'text-anchor': 'end' }, t(`lane.${lane}`))),
      // Steps from one stage to the next where one follows the other at once.
      pieces.slice(1).map((piece, i) => (Math.abs(piece.from - pieces[i].to) < 2 * MINUTE ? svg('line', { class: 'riser', x1: x(piece.from), x2: x(piece.from), y1: y(pieces[i].stage) + LANE / 2, y2: y(piece.stage) + LANE / 2 }) : null)),
      pieces.map((piece) => svg('rect', { class: `stage ${piece.stage}`, x: x(piece.from), y: y(piece.stage) + 5, width: Math.max(1, x(piece.to) - x(piece.from)), height: LANE - 10 }))));
  }
}
