// The ambulatory glucose profile: percentiles by the time of day over the target range.

import { h, svg } from './dom.js';
import { t } from './messages.js';
import { show } from './time.js';
import { linePath, linear } from './traces.js';

const BIN = 30;
const DAY_MINUTES = 1440;
const MARGIN = { left: 46, right: 50, top: 22, bottom: 26 };
/** As close a reading must be to the pointer, in pixels. */
const REACH = 28;
const PERCENTILES = ['p95', 'p75', 'p50', 'p25', 'p5'];

export const clockOf = (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(Math.floor(minute % 60)).padStart(2, '0')}`;

/** The runs of half hours that follow each other, each at its middle; the ends of the day meet. */
function runs(agp) {
  const out = [];
  agp.forEach((bin, i) => {
    if (i === 0 || bin.minute - agp[i - 1].minute > BIN) out.push([]);
    out.at(-1).push({ ...bin, at: bin.minute + BIN / 2 });
  });
  const [first, last] = [agp[0], agp.at(-1)];
  if (first?.minute === 0 && last.minute === DAY_MINUTES - BIN) {
    const midnight = Object.fromEntries(PERCENTILES.map((key) => [key, (first[key] + last[key]) / 2]));
    out[0].unshift({ ...midnight, at: 0 });
    out.at(-1).push({ ...midnight, at: DAY_MINUTES });
  }
  return out;
}

const line = (bins, key, x, y) => bins.map((bin) => `${x(bin.at).toFixed(1)} ${y(bin[key]).toFixed(1)}`);
const area = (all, upper, lower, x, y) => all
  .map((bins) => `M${line(bins, upper, x, y).join('L')}L${line(bins, lower, x, y).reverse().join('L')}Z`).join('');

/** Labels that would lie on each other are moved apart, from the top down. */
function spread(labels) {
  let last = -Infinity;
  return labels.map((label) => {
    last = Math.max(label.y, last + 12);
    return { ...label, y: last };
  });
}

/** Target range, limits and hours, behind what is drawn of glucose by the time of day. */
export function dayFrame(width, height, top, scale) {
  const x = linear(0, DAY_MINUTES, MARGIN.left, width - MARGIN.right);
  const y = linear(40, top, height - MARGIN.bottom, MARGIN.top);
  const step = width < 560 ? 6 : 3;
  const hours = Array.from({ length: 24 / step + 1 }, (none, i) => i * step * 60);
  const limits = [[54, 'veryLow'], [70, 'low'], [180, 'high'], [250, 'veryHigh'], [350, '']].filter(([value]) => value < top);
  const frame = svg('g', { class: 'frame' },
    svg('rect', { class: 'target-shade', x: x(0), y: y(180), width: x(DAY_MINUTES) - x(0), height: y(70) - y(180) }),
    hours.map((minute) => [
      svg('line', { class: 'grid', x1: x(minute), x2: x(minute), y1: MARGIN.top, y2: height - MARGIN.bottom }),
      svg('text', { x: x(minute), y: height - 8, 'text-anchor': 'middle' }, clockOf(minute)),
    ]),
    limits.map(([value, key]) => [
      svg('line', { class: `limit ${key}`, x1: x(0), x2: x(DAY_MINUTES), y1: y(value), y2: y(value) }),
      svg('text', { x: MARGIN.left - 7, y: y(value) + (value === 54 ? 8 : value === 70 ? 2 : 4), 'text-anchor': 'end' }, scale.text(value)),
    ]),
    svg('text', { class: 'unit', x: MARGIN.left - 7, y: 12, 'text-anchor': 'end' }, scale.unit));
  return { frame, x, y };
}

/** The text of the profile for those who do not see it. */
function summary(report, scale) {
  if (report.agp.length === 0) return t('agp');
  const highest = report.agp.reduce((a, b) => (b.p50 > a.p50 ? b : a));
  const lowest = report.agp.reduce((a, b) => (b.p50 < a.p50 ? b : a));
  return t('agpSummary', { unit: scale.unit, highest: scale.text(highest.p50), highestAt: clockOf(highest.minute), lowest: scale.text(lowest.p50), lowestAt: clockOf(lowest.minute) });
}

/** As high the axis goes, in mg/dL. */
export const axisTop = (values) => Math.min(450, Math.max(300, ...values) + 12);

/** The chart alone, as large as it is told. */
export function agpDrawing(report, scale, width, height) {
  const { frame, x, y } = dayFrame(width, height, axisTop(report.agp.map((bin) => bin.p95)), scale);
  const all = runs(report.agp);
  const end = all.at(-1)?.at(-1);
  const labels = end ? spread(PERCENTILES.map((key) => ({ text: `${key.slice(1)} %`, y: y(end[key]) + 4 }))) : [];
  const root = svg('svg', { class: 'agp', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': summary(report, scale) },
    frame,
    svg('path', { class: 'outer', d: area(all, 'p95', 'p5', x, y) }),
    svg('path', { class: 'inner', d: area(all, 'p75', 'p25', x, y) }),
    svg('path', { class: 'median', d: all.map((bins) => `M${line(bins, 'p50', x, y).join('L')}`).join('') }),
    labels.map(({ text, y: at }) => svg('text', { class: 'percentile', x: x(end.at) + 6, y: at }, text)));
  return { root, x, y };
}

/** The profile as a table. */
export function agpTable(report, scale) {
  return h('details', { class: 'as-table' },
    h('summary', {}, t('profileTable')),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': t('agp') }, h('table', { 'data-testid': 'agp-table' },
      h('caption', { class: 'hidden-visually' }, t('agp')),
      h('thead', {}, h('tr', {}, [t('timeOfDay'), 'n', '5 %', '25 %', '50 %', '75 %', '95 %'].map((text) => h('th', { scope: 'col' }, text)))),
      h('tbody', {}, report.agp.map((bin) => h('tr', {},
        h('th', { scope: 'row' }, `${clockOf(bin.minute)}–${clockOf(bin.minute + BIN)}`), h('td', {}, bin.n),
        [...PERCENTILES].reverse().map((key) => h('td', {}, scale.text(bin[key])))))))));
}

/** The profile on the screen: the day under the pointer, or one that is chosen elsewhere, is drawn over it. */
export class AgpChart {
  /**
   * @param on { hover(date or null), open(day) }
   */
  constructor(zone, on) {
    this.zone = zone;
    this.on = on;
    this.tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
    this.root = h('div', {
      class: 'agp-box', 'data-testid': 'agp',
      onpointermove: (event) => this.point(event), onpointerleave: () => this.leave(),
      onclick: () => { if (this.hovered) this.on.open(this.what.traces.get(this.hovered).day); },
    });
    this.resize = new ResizeObserver(() => this.what && this.root.clientWidth !== this.width && this.draw(this.what));
    this.resize.observe(this.root);
  }

  close() {
    this.resize.disconnect();
  }

  /**
   * Draws it.
   *
   * @param what { report, scale, traces, longest (a step, in minutes, that is no gap) }
   */
  draw(what) {
    this.what = what;
    this.width = this.root.clientWidth || 900;
    const drawing = agpDrawing(what.report, what.scale, this.width, this.width < 700 ? 280 : 340);
    Object.assign(this, { x: drawing.x, y: drawing.y });
    this.trace = svg('path', { class: 'trace', 'data-testid': 'agp-trace' });
    this.dot = svg('circle', { class: 'trace-dot', r: 4.5, visibility: 'hidden' });
    drawing.root.append(this.trace, this.dot);
    this.root.replaceChildren(drawing.root, this.tip);
    this.place = [...what.traces].flatMap(([date, { points }]) => points.map((point) => ({ date, point, x: this.x(point[0]), y: this.y(point[1]) })));
  }

  /** Draws the line of a day, or of none. */
  showDay(date) {
    const found = date && this.what?.traces.get(date);
    this.trace?.setAttribute('d', found ? linePath(found.points, this.x, this.y, this.what.longest) : '');
    if (this.trace) this.trace.dataset.date = date ?? '';
    if (!found) this.dot?.setAttribute('visibility', 'hidden');
  }

  leave() {
    this.hovered = null;
    this.tip.hidden = true;
    this.on.hover(null);
  }

  point(event) {
    const box = this.root.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let nearest = null;
    let least = REACH * REACH;
    for (const one of this.place) {
      const distance = (one.x - px) ** 2 + (one.y - py) ** 2;
      if (distance < least) [nearest, least] = [one, distance];
    }
    if ((nearest?.date ?? null) !== (this.hovered ?? null)) this.on.hover(nearest?.date ?? null);
    this.hovered = nearest?.date ?? null;
    this.tip.hidden = !nearest;
    if (!nearest) return;
    this.dot.setAttribute('cx', nearest.x);
    this.dot.setAttribute('cy', nearest.y);
    this.dot.setAttribute('visibility', 'visible');
    const { scale, report } = this.what;
    const bin = report.agp.find((one) => nearest.point[0] >= one.minute && nearest.point[0] < one.minute + BIN);
    this.tip.replaceChildren(
      h('strong', {}, `${scale.text(nearest.point[1])} ${scale.unit}`),
      h('span', {}, `${show(nearest.point[2], this.zone, 'longDay')} ${show(nearest.point[2], this.zone, 'clock')}`),
      bin ? h('span', {}, t('agpTip', { median: scale.text(bin.p50), low: scale.text(bin.p25), high: scale.text(bin.p75) })) : '');
    const right = nearest.x > this.width - 220;
    this.tip.style.left = right ? '' : `${nearest.x + 14}px`;
    this.tip.style.right = right ? `${this.width - nearest.x + 14}px` : '';
  }
}
