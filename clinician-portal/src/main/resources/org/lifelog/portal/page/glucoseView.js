// The report of glucose on the page: sufficiency, figures, profile or modal day, the last days and one day in detail.

import * as api from './api.js';
import { AgpChart, agpTable } from './agp.js';
import { DayView } from './dayView.js';
import { h } from './dom.js';
import { comparison, figureList, periodText, rangeBox, sufficiency } from './figures.js';
import { errorText, number, t } from './messages.js';
import { binTable, mealLegend, mealTable, modalDayDrawing } from './modalDay.js';
import { printReport } from './print.js';
import { MINUTE } from './time.js';
import { thumbnails } from './thumbnails.js';
import { dayTraces, longestStep } from './traces.js';

/** The parts of a metric that have points: [{ meal, points }]. */
const series = (answer) => (answer.series ?? [{ attributes: answer.attributes ?? '', points: answer.points }])
  .map((one) => ({ meal: /meal=([^;]*)/.exec(one.attributes)?.[1] ?? '', points: one.points }));

/** The report of one subject's glucose. */
export class GlucoseView {
  constructor(center, subject, metric, spot) {
    Object.assign(this, { center, subject, metric, spot });
    this.traces = new Map();
    this.opened = false;
    this.turn = 0;
    this.agp = new AgpChart(center.zone, { hover: (date) => this.hover(date), open: (day) => this.open(day) });
    this.day = new DayView(center, subject, metric.code, {
      open: (day) => this.open(day),
      closed: () => { this.mark(null); this.cameFrom?.focus(); },
    });
    /** For the tools of the panel that are about the report too. */
    this.tools = h('div', { class: 'tools' });
    this.card = h('div', {});
    this.days = h('div', {});
    this.root = h('div', { id: 'figures-box' }, this.card, this.days, this.day.root);
  }

  close() {
    this.agp.close();
    this.day.close();
    this.sheet?.remove();
  }

  /** Reads the report of a span (or of the last 14 days) and shows it, then the readings behind it. */
  async load(span, scale, signal) {
    this.scale = scale;
    // Only the span that was asked for last is shown, whichever answer comes last.
    const mine = ++this.turn;
    const report = await api.glucose(this.center.code, this.subject, { metric: this.metric.code, previous: true, ...span }, signal);
    if (mine !== this.turn) return;
    this.report = report;
    this.traces = new Map();
    this.points = [];
    this.draw();
    if (this.report.n === 0) return;
    const answer = await api.series(this.center.code, this.subject,
      { metric: this.metric.code, from: report.from, to: report.to, resolution: 'raw' }, signal);
    if (mine !== this.turn) return;
    const parts = series(answer);
    const all = parts.flatMap((one) => one.points).sort((a, b) => a[0] - b[0]);
    this.longest = longestStep(all) / MINUTE;
    this.traces = dayTraces(all, this.report.daily, this.center.zone);
    const byTime = (points) => [...dayTraces(points, this.report.daily, this.center.zone).values()].flatMap((one) => one.points);
    this.points = parts.flatMap(({ meal, points }) => byTime(points).map((point) => [point[0], point[1], meal]));
    this.draw();
  }

  /** Shows the same in another unit. */
  rescale(scale) {
    this.scale = scale;
    if (!this.report) return;
    this.draw();
    this.day.rescale(scale);
  }

  draw() {
    const { report, scale, spot, center } = this;
    const { enough } = report.sufficiency;
    const hidden = !enough && !spot;
    const body = report.n === 0 ? null : h('div', { class: 'report-body' },
      figureList(report, scale, spot), comparison(report, center.zone, spot), rangeBox(report, scale, spot));
    const profile = report.n === 0 ? null : this.profile();
    this.card.replaceChildren(h('section', { id: 'figures', class: 'card', 'aria-labelledby': 'figures-title', 'data-testid': 'figures' },
      h('div', { class: 'card-head' },
        h('h2', { id: 'figures-title' }, t('report')),
        h('span', { class: 'muted report-span', 'data-testid': 'report-period' }, periodText(report, center.zone), ' · ', h('span', { 'data-testid': 'report-n' }, t('readings', { n: number(report.n) }))),
        this.tools,
        h('button', { type: 'button', class: 'print', 'data-testid': 'print', onclick: () => print() }, t('print'))),
      sufficiency(report, spot),
      hidden && body ? h('details', {
        class: 'anyway', open: this.opened, 'data-testid': 'anyway',
        ontoggle: (event) => { this.opened = event.target.open; this.paper(); if (this.opened) this.drawProfile(); },
      }, h('summary', {}, t('anyway')), h('p', { class: 'notice warn' }, t('anywayWarning')), body, profile) : [body, profile]));
    this.drawProfile();
    this.drawDays();
    this.paper();
  }

  /** The half hours of the day, or for single readings three hours and their meals. */
  profile() {
    const { report, scale, spot } = this;
    return h('section', { class: 'profile', 'aria-labelledby': 'agp-title' },
      h('h3', { id: 'agp-title' }, t(spot ? 'modalDay' : 'agp')),
      spot ? [
        h('div', { class: 'agp-box', 'data-testid': 'modal-day' }, modalDayDrawing(report.modalDay, this.points, scale, 980, 320)),
        mealLegend(report.modalDay.meals.map((one) => one.meal)), mealTable(report.modalDay, scale), binTable(report.modalDay, scale),
      ] : [
        this.agp.root,
        h('ul', { class: 'legend agp-legend' },
          [['median-key', '50 %', 'legendMedian'], ['inner-key', '25–75 %', 'legendInner'], ['outer-key', '5–95 %', 'legendOuter'], ['shade', '', 'legendTarget']]
            .map(([key, share, text]) => h('li', {}, h('span', { class: `key ${key}`, 'aria-hidden': 'true' }), `${share} ${t(text, { min: scale.text(70), max: `${scale.text(180)} ${scale.unit}` })}`)),
          h('li', { class: 'hint' }, t('agpHint'))),
        agpTable(report, scale),
      ]);
  }

  drawProfile() {
    if (!this.spot && this.report.n > 0) this.agp.draw({ report: this.report, scale: this.scale, traces: this.traces, longest: this.longest });
  }

  drawDays() {
    const { report, center } = this;
    this.days.replaceChildren(...(this.spot || this.traces.size === 0 ? [] : [h('section', { class: 'card', 'aria-labelledby': 'days-title' },
      h('div', { class: 'card-head' }, h('h2', { id: 'days-title' }, t('lastDays')), h('span', { class: 'muted' }, t('daysHint'))),
      thumbnails({ daily: report.daily, traces: this.traces, longest: this.longest, zone: center.zone }, { hover: (date) => this.hover(date), open: (day) => this.open(day) }))]));
    this.mark(this.day.day?.date ?? null);
  }

  /** Puts the sheet for the printer beside the page. */
  paper() {
    const { center, subject, metric, report, scale, spot, traces, points, longest } = this;
    const shown = report.n > 0 && (report.sufficiency.enough || spot || this.opened);
    const sheet = printReport({ center, subject, metric, report, scale, spot, shown, traces, points, longest });
    this.sheet?.remove();
    this.sheet = sheet;
    document.body.append(sheet);
  }

  hover(date) {
    if (!this.spot) this.agp.showDay(date);
    this.days.querySelectorAll('.hovered').forEach((one) => one.classList.remove('hovered'));
    if (date) this.days.querySelector(`[data-date="${date}"]`)?.classList.add('hovered');
  }

  /** Marks the day that is open. */
  mark(date) {
    this.days.querySelectorAll('[data-date]').forEach((one) => one.setAttribute('aria-expanded', String(one.dataset.date === date)));
  }

  async open(day) {
    this.cameFrom = this.days.querySelector(`[data-date="${day.date}"]`);
    try {
      await this.day.open(day, this.report.daily, this.scale);
      this.mark(day.date);
    } catch (failure) {
      if (failure.name !== 'AbortError' && failure.code !== 'unauthenticated') this.days.append(h('p', { class: 'notice bad', role: 'alert' }, errorText(failure)));
    }
  }
}
