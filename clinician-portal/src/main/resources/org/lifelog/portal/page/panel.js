// The panel of one metric of a subject: the figures, and the trend with the days below it.

import * as api from './api.js';
import { dailyBars } from './bars.js';
import { announce, h } from './dom.js';
import { glucoseUnit } from './figures.js';
import { GlucoseView } from './glucoseView.js';
import { errorText, named, t } from './messages.js';
import { DAY, MINUTE, show } from './time.js';
import { dayText } from './thumbnails.js';
import { TrendPlot } from './trend.js';
import { attributesText, genericScale } from './units.js';

const PRESETS = { days1: DAY, days3: 3 * DAY, days14: 14 * DAY, all: Infinity };
const SHORTEST = 30 * MINUTE;
/** Glucose readings are shown one by one up to this span; past it the server chooses a resolution. */
const RAW_SPAN = 31 * DAY;
const UNIT_KEY = 'lifelog-glucose-unit';
const SETTLE_MILLIS = 180;
/** Names all series of a metric together. */
const ALL_SERIES = '*';

const iso = (millis) => new Date(millis).toISOString();

/** Where the view of a metric begins: up to its last reading. */
function presetView(held, preset) {
  const first = Date.parse(held.firstReading);
  // The last reading is inside, with a little room after it.
  const last = Date.parse(held.lastReading);
  const span = PRESETS[preset] === Infinity ? Math.max(last - first, DAY) : PRESETS[preset];
  return { from: last - span, to: last + Math.max(MINUTE, span / 200) };
}

/** The panel of one metric. */
export class MetricPanel {
  constructor(center, subject, held) {
    this.center = center;
    this.subject = subject;
    this.held = held;
    this.metric = held.metric;
    this.isGlucose = held.metric.glucoseReport;
    this.spot = this.isGlucose && held.metric.code !== 'glucose_cgm';
    this.unit = localStorage.getItem(UNIT_KEY) ?? 'mg/dL';
    this.attributes = this.isGlucose ? ALL_SERIES : held.series[0].attributes;
    this.preset = 'days14';
    this.view = presetView(held, this.preset);
    this.abort = new AbortController();
    this.chart = h('div', { id: 'trend', class: 'chart', tabindex: 0, role: 'application', 'data-testid': 'trend', onkeydown: (event) => this.key(event) });
    this.daily = h('div', { id: 'daily', class: 'daily-box', 'data-testid': 'daily' });
    this.glucose = this.isGlucose ? new GlucoseView(center, subject, held.metric, this.spot) : null;
    this.over = h('div', { class: 'chart-note', hidden: true });
    this.legend = h('ul', { class: 'legend', 'data-testid': 'legend' });
    this.tools = h('div', { class: 'tools' });
    this.plot = new TrendPlot(this.chart, center.zone, {
      zoom: (view) => this.zoom(view),
      reset: () => this.choosePreset(this.preset),
      drawn: (u) => this.drawDaily(u),
    });
    this.root = h('div', { id: 'panel', role: 'tabpanel', 'aria-labelledby': `tab-${this.metric.code}` },
      this.glucose?.root,
      h('section', { class: 'card', 'aria-labelledby': 'trend-title' },
        h('div', { class: 'card-head' }, h('h2', { id: 'trend-title' }, t('trend')), this.tools),
        h('div', { class: 'chart-box' }, this.chart, this.over),
        this.legend,
        this.isGlucose ? [h('h3', {}, t('daily')), this.daily] : null));
  }

  close() {
    this.abort.abort();
    clearTimeout(this.settling);
    this.plot.close();
    this.glucose?.close();
  }

  get scale() {
    return this.isGlucose ? glucoseUnit(this.unit) : genericScale(this.metric);
  }

  async show() {
    this.drawTools();
    await Promise.all([this.loadTrend(), this.loadReport(this.view), this.loadDays()]);
  }

  /** Runs a load; what fails is said in the panel and does not end it. */
  async guarded(load) {
    try {
      await load();
    } catch (failure) {
      if (failure.name !== 'AbortError' && failure.code !== 'unauthenticated') {
        this.note(errorText(failure), t('retry'), () => this.show());
        if (!failure.code) console.error(failure);
      }
    }
  }

  note(text, action, run) {
    this.over.hidden = !text;
    this.over.replaceChildren(...(text ? [h('p', {}, text), action ? h('button', { type: 'button', onclick: run }, action) : ''] : []));
  }

  loadTrend() {
    const wanted = { ...this.view };
    return this.guarded(async () => {
      const raw = this.isGlucose && wanted.to - wanted.from <= RAW_SPAN;
      // With some room on both sides for raw readings, so that small moves need no new load.
      const room = raw ? (wanted.to - wanted.from) / 4 : 0;
      const answer = await api.series(this.center.code, this.subject, {
        metric: this.metric.code, attributes: this.held.series.length > 1 && this.attributes !== ALL_SERIES ? this.attributes : undefined,
        from: iso(wanted.from - room), to: iso(wanted.to + room), resolution: raw ? 'raw' : 'auto',
      }, this.abort.signal);
      const points = answer.points ?? answer.series.flatMap((one) => one.points).sort((a, b) => a[0] - b[0]);
      this.trend = { ...answer, points, from: wanted.from - room, to: wanted.to + room };
      this.draw();
    });
  }

  loadReport(view) {
    if (!this.isGlucose) return Promise.resolve();
    return this.guarded(async () => {
      // Up to the last reading the server knows the 14 days best.
      const span = view.to > Date.parse(this.held.lastReading) ? {} : { from: iso(view.from), to: iso(view.to) };
      await this.glucose.load(span, this.scale, this.abort.signal);
    });
  }

  /** Loads the days of the view, unless they are there. */
  loadDays() {
    if (!this.isGlucose) return Promise.resolve();
    const first = Date.parse(this.held.firstReading) - DAY;
    const last = Date.parse(this.held.lastReading) + DAY;
    // Whole days and some around, so that a bar at the edge is the bar of its whole day.
    const from = Math.max(first, this.view.from - 2 * DAY);
    const to = Math.min(last, this.view.to + 2 * DAY);
    if (to <= from || (this.days && this.days.from <= Math.max(first, this.view.from - DAY) && this.days.to >= Math.min(last, this.view.to + DAY))) return Promise.resolve();
    return this.guarded(async () => {
      const answer = await api.glucose(this.center.code, this.subject, { metric: this.metric.code, from: iso(from), to: iso(to) }, this.abort.signal);
      this.days = { from, to, list: answer.daily };
      if (this.plot.plot) this.drawDaily(this.plot.plot);
    });
  }

  draw() {
    const { points, resolution, truncated } = this.trend;
    const glucose = this.isGlucose;
    const sum = !glucose && this.metric.kind === 'delta' && resolution !== 'raw';
    // One value for each day, at the time of waking up.
    const bars = this.metric.code === 'sleep_night';
    const usual = glucose ? { min: 70, max: 180 } : bars ? null : this.metric.usual;
    const isHere = points.some((point) => point[0] >= this.view.from && point[0] < this.view.to);
    this.note(isHere ? '' : t('noReadings'), t('toLast'), () => this.choosePreset(this.preset));
    this.plot.draw({
      points, resolution, view: this.view, scale: this.scale, consensus: glucose, sum, bars,
      discrete: this.spot || this.metric.kind === 'episode' || this.metric.kind === 'delta',
      band: sum ? null : usual,
      lines: glucose ? [
        { value: 54, color: '--very-low', dash: [3, 4] }, { value: 70, color: '--low', dash: [] },
        { value: 180, color: '--high', dash: [] }, { value: 250, color: '--very-high', dash: [3, 4] }] : [],
    });
    this.drawLegend(resolution, usual, sum, truncated);
    const label = t('chartLabel', { metric: named(this.metric), from: show(this.view.from, this.center.zone, 'moment'), to: show(this.view.to, this.center.zone, 'moment') });
    this.chart.setAttribute('aria-label', label);
    this.chart.dataset.resolution = resolution;
    this.chart.dataset.points = points.length;
  }

  drawLegend(resolution, usual, sum, truncated) {
    const item = (kind, text) => h('li', {}, h('span', { class: `key ${kind}`, 'aria-hidden': 'true' }), text);
    const limits = usual ? { min: this.scale.text(usual.min), max: `${this.scale.text(usual.max)} ${this.scale.unit}` } : {};
    const window = t(resolution);
    const flags = resolution === 'raw' ? new Set(this.trend.points.flatMap((point) => point[2])) : new Set();
    this.legend.replaceChildren(...[
      resolution === 'raw' ? item(this.isGlucose ? 'dot' : 'dot plain', t('legendRaw')) : item('line', t(sum ? 'legendSum' : 'legendMean', { window })),
      resolution !== 'raw' && !sum ? item('band', t('legendBand')) : null,
      usual && !sum ? item('shade', t(this.isGlucose ? 'legendTarget' : 'legendUsual', limits)) : null,
      flags.has('below-range') ? item('flag-low', t('legendLow')) : null,
      flags.has('above-range') ? item('flag-high', t('legendHigh')) : null,
      flags.has('outside-usual-range') ? item('flag-unusual', t('legendUnusual')) : null,
      truncated ? h('li', { class: 'muted' }, t('truncated')) : null,
      h('li', { class: 'muted hint' }, t('chartHint')),
    ].filter(Boolean));
  }

  drawDaily(u) {
    if (!this.days) return;
    const ratio = devicePixelRatio;
    const plot = { left: u.bbox.left / ratio, width: u.bbox.width / ratio, position: (millis) => u.bbox.left / ratio + u.valToPos(millis / 1000, 'x') };
    this.daily.replaceChildren(dailyBars(this.days.list, plot, {
      label: (day) => dayText(day, this.center.zone),
      onday: (day) => this.zoom({ from: Date.parse(day.from), to: Date.parse(day.to) }),
    }));
  }

  drawTools() {
    const zoomed = !this.isPreset;
    const group = (label, ...buttons) => h('div', { class: 'group', role: 'group', 'aria-label': label }, buttons);
    const button = (id, text, run, extra) => h('button', { type: 'button', id, 'data-testid': id, onclick: run, ...extra }, text);
    const parts = this.held.series;
    this.glucose?.tools.replaceChildren(group(t('unit'), ['mg/dL', 'mmol/L'].map((unit) => button(`unit-${unit.replace('/', '').toLowerCase()}`, unit, () => this.chooseUnit(unit), { 'aria-pressed': String(unit === this.unit) }))));
    this.tools.replaceChildren(...[
      parts.length > 1 ? h('select', { id: 'series', 'data-testid': 'series', 'aria-label': t('seriesLabel'), onchange: (event) => { this.attributes = event.target.value; this.loadTrend(); } },
        (this.isGlucose ? [{ attributes: ALL_SERIES }] : []).concat(parts).map((part) => h('option', { value: part.attributes, selected: part.attributes === this.attributes }, part.attributes === ALL_SERIES ? t('allSeries') : attributesText(part.attributes) || '–'))) : null,
      group(t('trend'), Object.keys(PRESETS).map((preset) => button(`range-${preset}`, t(preset), () => this.choosePreset(preset), { 'aria-pressed': String(preset === this.preset && !zoomed) }))),
      group(t('trend'), button('earlier', `‹ ${t('earlier')}`, () => this.move(-1)), button('later', `${t('later')} ›`, () => this.move(1), { disabled: this.view.to >= Date.parse(this.held.lastReading) + MINUTE })),
      zoomed ? button('reset-zoom', t('resetZoom'), () => this.choosePreset(this.preset)) : null,
    ].filter(Boolean));
  }

  get isPreset() {
    const span = this.view.to - this.view.from;
    const preset = presetView(this.held, this.preset);
    return Math.abs(span - (preset.to - preset.from)) < MINUTE;
  }

  chooseUnit(unit) {
    this.unit = unit;
    localStorage.setItem(UNIT_KEY, unit);
    this.drawTools();
    this.glucose?.rescale(this.scale);
    if (this.trend) this.draw();
    document.getElementById(`unit-${unit.replace('/', '').toLowerCase()}`)?.focus({ preventScroll: true });
  }

  choosePreset(preset) {
    this.preset = preset;
    this.go(presetView(this.held, preset));
    document.getElementById(`range-${preset}`)?.focus({ preventScroll: true });
  }

  zoom({ from, to }) {
    const middle = (from + to) / 2;
    const half = Math.max(to - from, SHORTEST) / 2;
    this.go({ from: middle - half, to: middle + half });
  }

  move(direction) {
    const span = this.view.to - this.view.from;
    const latest = presetView(this.held, this.preset).to;
    const earliest = Date.parse(this.held.firstReading) - span / 2;
    const from = Math.max(Math.min(this.view.from + direction * span, latest - span), Math.min(earliest, this.view.from));
    this.go({ from, to: from + span });
    document.getElementById(direction < 0 ? 'earlier' : 'later')?.focus({ preventScroll: true });
  }

  /** Shows another view at once with what is there, and loads what it lacks when the reader has settled. */
  go(view) {
    this.view = view;
    this.drawTools();
    if (this.trend) this.draw();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      const trend = this.trend;
      const covered = trend?.resolution === 'raw' && trend.from <= view.from && trend.to >= view.to;
      if (!covered) this.loadTrend();
      this.loadDays();
      // The report is about two weeks: it follows the view of 14 days and stays while one looks at details.
      if (this.preset === 'days14' && this.isPreset) this.loadReport(view);
      announce(`${show(view.from, this.center.zone, 'moment')} – ${show(view.to, this.center.zone, 'moment')}`);
    }, SETTLE_MILLIS);
  }

  key(event) {
    const span = this.view.to - this.view.from;
    const shift = (by) => this.go({ from: this.view.from + by, to: this.view.to + by });
    const keys = {
      ArrowLeft: () => shift(-span / 5), ArrowRight: () => shift(span / 5),
      '+': () => this.zoom({ from: this.view.from + span / 4, to: this.view.to - span / 4 }),
      '-': () => this.zoom({ from: this.view.from - span / 2, to: this.view.to + span / 2 }),
      0: () => { this.choosePreset(this.preset); this.chart.focus(); },
    };
    const run = keys[event.key === '=' ? '+' : event.key];
    if (run && event.target === this.chart) {
      event.preventDefault();
      run();
    }
  }
}
