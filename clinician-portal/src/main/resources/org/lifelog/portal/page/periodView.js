// What all views of a period have in common: which period, the way to another one, and loading.

import { announce, h } from './dom.js';
import { errorText, t } from './messages.js';
import { DAY, HOUR, MINUTE, show } from './time.js';

const SPANS = { days1: DAY, days7: 7 * DAY, days14: 14 * DAY, days30: 30 * DAY, days90: 90 * DAY, all: Infinity };
const SETTLE_MILLIS = 150;

export const iso = (millis) => new Date(millis).toISOString();

/**
 * A view of a period. Those that extend it give `fetch(view, signal)`, which gets data, and `paint(data)`, which shows
 * them in `this.body`.
 */
export class PeriodView {
  /** @param tab { id, name(), center, subject, held }: the tab, and the metrics of it that are held */
  constructor(tab, { preset = 'days30', presets = ['days7', 'days14', 'days30', 'days90', 'all'] } = {}) {
    Object.assign(this, tab);
    this.zone = tab.center.zone;
    this.presets = presets;
    this.preset = preset;
    this.first = Math.min(...this.held.map((one) => Date.parse(one.firstReading)));
    this.last = Math.max(...this.held.map((one) => Date.parse(one.lastReading)));
    this.view = this.presetView();
    this.tools = h('div', { class: 'tools' });
    this.period = h('span', { class: 'muted', 'data-testid': 'period' });
    this.body = h('div', { class: 'view-body' });
    this.problem = h('div', { hidden: true, class: 'notice bad', role: 'alert' });
    this.root = h('div', { id: 'panel', role: 'tabpanel', 'aria-labelledby': `tab-${tab.id}` },
      h('section', { class: 'card', 'aria-labelledby': 'view-title' },
        h('div', { class: 'card-head' }, h('h2', { id: 'view-title' }, tab.name(), ' ', this.period), this.tools),
        this.problem, this.body));
  }

  presetView() {
    const span = SPANS[this.preset] === Infinity ? Math.max(this.last - this.first, DAY) : SPANS[this.preset];
    return { from: this.last - span, to: this.last + Math.max(MINUTE, span / 100) };
  }

  close() {
    this.abort?.abort();
    clearTimeout(this.settling);
    this.strips?.close();
  }

  async show() {
    this.drawTools();
    this.abort?.abort();
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.root.setAttribute('aria-busy', 'true');
    try {
      const data = await this.fetch(this.view, signal);
      if (signal.aborted) return;
      this.problem.hidden = true;
      this.data = data;
      this.paint(data);
      this.root.setAttribute('aria-busy', 'false');
    } catch (failure) {
      if (failure.name === 'AbortError' || failure.code === 'unauthenticated') return;
      if (!failure.code) console.error(failure);
      this.problem.hidden = false;
      this.problem.replaceChildren(errorText(failure), ' ', h('button', { type: 'button', onclick: () => this.show() }, t('retry')));
    }
  }

  go(view) {
    this.view = view;
    this.drawTools();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      this.show();
      announce(`${show(view.from, this.zone, 'moment')} – ${show(view.to, this.zone, 'moment')}`);
    }, SETTLE_MILLIS);
  }

  choosePreset(preset) {
    this.preset = preset;
    this.go(this.presetView());
    document.getElementById(`range-${preset}`)?.focus({ preventScroll: true });
  }

  move(direction) {
    const span = this.view.to - this.view.from;
    this.go({ from: this.view.from + direction * span, to: this.view.to + direction * span });
    document.getElementById(direction < 0 ? 'earlier' : 'later')?.focus({ preventScroll: true });
  }

  zoom({ from, to }) {
    const middle = (from + to) / 2;
    const half = Math.max(to - from, HOUR) / 2;
    this.go({ from: middle - half, to: middle + half });
  }

  drawTools() {
    const preset = this.presetView();
    const isPreset = Math.abs(this.view.to - this.view.from - (preset.to - preset.from)) < MINUTE;
    const button = (id, text, run, extra) => h('button', { type: 'button', id, 'data-testid': id, onclick: run, ...extra }, text);
    this.period.textContent = `${show(this.view.from, this.zone, 'date')} – ${show(Math.min(this.view.to, Math.max(this.last, this.view.from)), this.zone, 'date')}`;
    this.tools.replaceChildren(...[
      h('div', { class: 'group', role: 'group', 'aria-label': t('periodLabel') },
        this.presets.map((one) => button(`range-${one}`, t(one), () => this.choosePreset(one), { 'aria-pressed': String(one === this.preset && isPreset) }))),
      h('div', { class: 'group', role: 'group', 'aria-label': t('moveLabel') },
        button('earlier', `‹ ${t('earlier')}`, () => this.move(-1), { disabled: this.view.from <= this.first }),
        button('later', `${t('later')} ›`, () => this.move(1), { disabled: this.view.to > this.last })),
      isPreset ? null : button('reset-zoom', t('resetZoom'), () => this.choosePreset(this.preset)),
    ].filter(Boolean));
  }

  /** A box for a stack of plots, which the arrow keys move and plus and minus zoom. */
  chartBox(label) {
    return h('div', { class: 'strips', tabindex: 0, role: 'application', 'aria-label': `${label} ${t('chartKeys')}`, 'data-testid': 'trend', onkeydown: (event) => this.key(event) });
  }

  key(event) {
    if (event.target !== event.currentTarget) return;
    const { from, to } = this.view;
    const span = to - from;
    const run = {
      ArrowLeft: () => this.go({ from: from - span / 5, to: to - span / 5 }), ArrowRight: () => this.go({ from: from + span / 5, to: to + span / 5 }),
      '+': () => this.zoom({ from: from + span / 4, to: to - span / 4 }), '-': () => this.zoom({ from: from - span / 2, to: to + span / 2 }),
      0: () => this.go(this.presetView()),
    }[event.key === '=' ? '+' : event.key];
    if (!run) return;
    event.preventDefault();
    run();
  }
}
