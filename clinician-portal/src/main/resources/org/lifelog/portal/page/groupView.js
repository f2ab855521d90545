// Several metrics of a subject on one axis of time: a plot for each row of a layout, and their figures as a table.

import * as api from './api.js';
import { h } from './dom.js';
import { named, number, t } from './messages.js';
import { iso, PeriodView } from './periodView.js';
import { behind, lineStyle, Strips } from './strips.js';
import { dataTable } from './tables.js';
import { DAY, show } from './time.js';
import { attributesText, plainText, unitText } from './units.js';

/** Up to this span windows are hours, past it days. */
const HOURS_SPAN = 7 * DAY;
/** Of more series than this one sees the values and not the lines. */
const SERIES_APART = 6;
const TABLE_ROWS = 200;

const isRaw = (part) => part.resolution === 'raw';

/** The series of a metric as parts of a plot. */
function partsOf(held, answer, first) {
  const { metric } = held;
  let series = answer.series ?? [{ attributes: answer.attributes, points: answer.points }];
  const asleep = series.filter((one) => one.attributes === 'part=asleep');
  if (metric.code === 'sleep_night' && asleep.length) series = asleep;
  const apart = series.length <= SERIES_APART;
  if (!apart) series = [{ attributes: '', points: series.flatMap((one) => one.points).sort((a, b) => a[0] - b[0]) }];
  const raw = answer.resolution === 'raw';
  const sum = metric.kind === 'delta' && !raw;
  return series.map((one, i) => ({
    ...lineStyle(first + i), metric, points: one.points, resolution: answer.resolution,
    label: [named(metric), series.length > 1 ? attributesText(one.attributes) : ''].filter(Boolean).join(': '),
    value: (point) => point[raw ? 1 : sum ? 8 : 2],
    band: !raw && !sum && apart,
    kind: sum || metric.code === 'sleep_night' ? 'bars' : apart ? 'line' : 'dots',
    n: (point) => (raw ? 1 : point[1]), low: (point) => point[raw ? 1 : 3], high: (point) => point[raw ? 1 : 4], sum,
  }));
}

/** What a list of points comes to: their number, mean, lowest, highest and last. */
export function figuresOf(part) {
  const { points } = part;
  if (points.length === 0) return null;
  const n = points.reduce((all, point) => all + part.n(point), 0);
  // A level in decibel has the mean of its energy; a sum has the mean of its windows.
  const [into, back] = part.metric.kind === 'level' ? [(level) => 10 ** (level / 10), (energy) => 10 * Math.log10(energy)] : [(value) => value, (value) => value];
  const weight = part.sum ? () => 1 : part.n;
  const mean = back(points.reduce((all, point) => all + weight(point) * into(part.value(point)), 0) / points.reduce((all, point) => all + weight(point), 0));
  const at = (better, of) => points.reduce((best, point) => (better(of(point), of(best)) ? point : best));
  const lowest = at((a, b) => a < b, part.sum ? part.value : part.low);
  const highest = at((a, b) => a > b, part.sum ? part.value : part.high);
  return {
    n, mean, lowest, highest, last: points[points.length - 1],
    low: (part.sum ? part.value : part.low)(lowest), high: (part.sum ? part.value : part.high)(highest),
  };
}

/** Some metrics of a subject. */
export class GroupView extends PeriodView {
  /** @param layout rows of { codes, right, height }: metrics on the left axis of a plot, and on its right one */
  constructor(tab, layout, options = {}) {
    super(tab, options);
    this.layout = layout;
    this.windows = options.windows ?? false;
    this.height = options.height;
    this.box = this.chartBox('');
    this.strips = new Strips(this.box, this.zone, { zoom: (view) => this.zoom(view), reset: () => this.choosePreset(this.preset) });
    this.above = h('div', {});
    this.below = h('div', {});
    this.body.replaceChildren(this.above, this.box, h('p', { class: 'muted chart-hint' }, t('chartHint')), this.below);
  }

  resolution(metric) {
    const window = this.view.to - this.view.from <= 1.02 * HOURS_SPAN ? '1h' : '1d';
    return metric.kind === 'delta' || this.windows ? window : 'auto';
  }

  async fetch(view, signal) {
    const codes = new Set(this.layout.flatMap((row) => [...row.codes, ...(row.right ?? [])]));
    const wanted = this.held.filter((one) => codes.has(one.metric.code));
    const answers = await Promise.all(wanted.map((one) => api.series(this.center.code, this.subject, {
      metric: one.metric.code, from: iso(view.from), to: iso(view.to), resolution: this.resolution(one.metric),
    }, signal)));
    return new Map(wanted.map((one, i) => [one.metric.code, { held: one, answer: answers[i] }]));
  }

  /** What a plot shows beside its lines; views that know more of a metric add it. */
  extra(parts) {
    const usual = parts.length === 1 && !parts[0].sum ? parts[0].metric.usual : null;
    if (!usual) return { legend: parts.some((part) => part.band) ? [behind.band()] : null };
    const unit = unitText(parts[0].metric.unit);
    return { usual, legend: [parts[0].band ? behind.band() : null, behind.usual(t('legendUsual', { min: plainText(usual.min), max: `${plainText(usual.max)} ${unit}` }))].filter(Boolean) };
  }

  rows(data) {
    return this.layout.map((row) => {
      const parts = [];
      for (const [codes, right] of [[row.codes, false], [row.right ?? [], true]]) {
        codes.filter((code) => data.has(code)).forEach((code) => {
          const { held, answer } = data.get(code);
          parts.push(...partsOf(held, answer, parts.length).map((part) => ({ ...part, right })));
        });
      }
      return { row, parts };
    }).filter(({ parts }) => parts.length > 0);
  }

  strip({ row, parts }) {
    const metrics = [...new Set(parts.map((part) => part.metric))];
    const units = (right) => [...new Set(parts.filter((part) => part.right === right).map((part) => unitText(part.metric.unit)))].filter(Boolean).join(', ');
    const sides = row.right && parts.some((part) => part.right) ? t('sides', { left: units(false), right: units(true) }) : units(false);
    const window = parts.find((part) => !isRaw(part));
    return {
      id: metrics[0].code, text: plainText, height: row.height ?? this.height, ...this.extra(parts),
      title: metrics.length === 1 ? named(metrics[0]) : metrics.map(named).join(' · '),
      unit: [sides, window ? t(window.sum ? 'legendSum' : 'legendMean', { window: t(window.resolution) }) : ''].filter(Boolean).join(' · '),
      parts: parts.map((part) => ({ ...part, label: parts.length === 1 ? '' : part.right ? t('onRight', { name: part.label }) : part.label })),
    };
  }

  paint(data) {
    const rows = this.rows(data);
    const parts = rows.flatMap((row) => row.parts);
    const label = t('groupLabel', { name: this.name(), metrics: [...new Set(parts.map((part) => named(part.metric)))].join(', ') });
    this.box.setAttribute('aria-label', `${label} ${t('chartKeys')}`);
    this.above.replaceChildren(...this.figures(parts));
    this.strips.draw(this.view, rows.map((row) => this.strip(row)));
    this.below.replaceChildren(this.summaryTable(parts), ...this.tables(parts), this.valueTable(parts));
  }

  /** Figures above the plots. */
  figures() {
    return [];
  }

  /** Tables below the plots that only some views have. */
  tables() {
    return [];
  }

  summaryTable(parts) {
    const rows = parts.map((part) => {
      const all = figuresOf(part);
      const unit = unitText(part.metric.unit);
      const text = (value) => `${plainText(value)} ${unit}`.trim();
      if (!all) return [part.label, '0', '–', '–', '–', '–'];
      return [part.label, number(all.n), text(all.mean), text(all.low), text(all.high), `${text(part.value(all.last))} · ${show(all.last[0], this.zone, isRaw(part) ? 'moment' : 'day')}`];
    });
    const table = dataTable(t('summaryCaption', { name: this.name() }), [t('metric'), t('readingsHead'), t('meanHead'), t('lowestHead'), t('highestHead'), t('lastHead')], rows, 'summary-table');
    table.open = true;
    table.querySelector('summary').textContent = t('summaryCaption', { name: this.name() });
    return table;
  }

  valueTable(parts) {
    const values = parts.flatMap((part) => part.points.map((point) => ({ part, point }))).sort((a, b) => b.point[0] - a.point[0]).slice(0, TABLE_ROWS);
    return dataTable(t('valuesCaption', { name: this.name() }), [t('time'), t('metric'), t('valueHead')],
      values.map(({ part, point }) => [show(point[0], this.zone, 'full'), part.label, `${plainText(part.value(point))} ${unitText(part.metric.unit)}`.trim()]));
  }
}
