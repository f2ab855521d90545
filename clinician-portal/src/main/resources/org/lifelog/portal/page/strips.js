// Plots below each other on one axis of time. Each line has a dash and a shape of its own, so that colour is not the only
// sign.

import uPlot from '/assets/uplot/uPlot.esm.js';
import { h, svg, themeColor } from './dom.js';
import { t } from './messages.js';
import { show } from './time.js';
import { columns, timeAxis } from './trend.js';

const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [14, 4], [4, 2]];
const SHAPES = ['circle', 'square', 'up', 'diamond', 'down', 'cross'];
const STYLES = 6;
/** More points than this are a line without shapes. */
const SHAPED = 150;
const AXIS = 58;
const TIME_AXIS = 44;
let groups = 0;

/** The look of the n-th line of a plot. */
export const lineStyle = (n) => ({ color: `--c${(n % STYLES) + 1}`, dash: DASHES[n % STYLES], shape: SHAPES[n % STYLES] });

const OUTLINES = {
  square: [[-1, -1], [1, -1], [1, 1], [-1, 1]], up: [[0, -1.2], [1.2, 1], [-1.2, 1]], down: [[0, 1.2], [1.2, -1], [-1.2, -1]],
  diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
};

/** Puts a shape on a canvas at a place, filled or only its outline. */
export function drawShape(context, shape, x, y, size, filled = true) {
  context.beginPath();
  if (shape === 'circle') context.arc(x, y, size, 0, 2 * Math.PI);
  else if (shape === 'cross') {
    context.moveTo(x - size, y - size); context.lineTo(x + size, y + size);
    context.moveTo(x + size, y - size); context.lineTo(x - size, y + size);
  } else {
    OUTLINES[shape].forEach(([dx, dy], i) => context[i ? 'lineTo' : 'moveTo'](x + dx * size, y + dy * size));
    context.closePath();
  }
  if (filled && shape !== 'cross') context.fill();
  context.stroke();
}

/** The sign of a line in a legend. */
export function lineKey({ color, dash, shape, kind }) {
  const stroke = `var(${color})`;
  const at = (dx, dy) => `${13 + dx * 4},${7 + dy * 4}`;
  const sign = shape === 'circle' ? svg('circle', { cx: 13, cy: 7, r: 3.6 })
    : shape === 'cross' ? svg('path', { d: 'M9 3L17 11M17 3L9 11' })
      : svg('polygon', { points: OUTLINES[shape].map(([dx, dy]) => at(dx, dy)).join(' ') });
  return svg('svg', { class: 'line-key', width: 26, height: 14, 'aria-hidden': 'true', stroke, fill: stroke },
    kind === 'bars' ? svg('path', { d: 'M4 13V6h5v7zM11 13V2h5v11zM18 13V8h5v5z' })
      : [kind === 'dots' ? null : svg('line', { x1: 0, x2: 26, y1: 7, y2: 7, 'stroke-width': 2, 'stroke-dasharray': dash.join(' ') || null }), sign]);
}

const lowest = (part) => (part.band ? (point) => point[3] : part.value);
const highest = (part) => (part.band ? (point) => point[4] : part.value);

/** One plot of a stack, as an element and a uPlot in it. */
class Strip {
  constructor(what, stack, last) {
    this.what = what;
    this.stack = stack;
    this.box = h('div', { class: 'strip-plot' });
    this.readout = h('span', { class: 'readout', 'aria-hidden': 'true' });
    // A name on the plot would hide readings.
    const lines = [...new Set((what.lines ?? []).map((line) => line.name))].map((name) => h('li', {}, h('span', { class: 'key limit', 'aria-hidden': 'true' }), name));
    const named = what.parts.length > 1 || what.legend || lines.length;
    this.root = h('div', { class: 'strip', 'data-testid': `strip-${what.id}`, 'data-points': what.parts.reduce((n, part) => n + part.points.length, 0) },
      what.title ? h('div', { class: 'strip-head' }, h('h3', {}, what.title, what.unit ? h('small', {}, ` ${what.unit}`) : null), this.readout) : this.readout,
      this.box,
      named ? h('ul', { class: 'legend' }, what.parts.filter((part) => part.label && part.kind !== 'none').map((part) => h('li', {}, lineKey(part), part.label)), what.legend, lines) : null);
    this.last = last;
  }

  plot(view, width) {
    const { parts, height = 110 } = this.what;
    const tables = parts.map((part) => columns(part.points, part.resolution, part.band ? [part.value, highest(part), lowest(part)] : [part.value]));
    this.data = tables.length ? uPlot.join(tables) : [[], []];
    const series = [{}];
    const bands = [];
    this.index = [];
    parts.forEach((part) => {
      const scale = part.right ? 'right' : 'y';
      this.index.push(series.length);
      series.push(this.line(part, scale));
      if (part.band) {
        bands.push({ series: [series.length, series.length + 1], fill: themeColor('--band') });
        const edge = { scale, stroke: 'transparent', width: 0, points: { show: false } };
        series.push(edge, edge);
      }
    });
    const grid = { stroke: themeColor('--grid'), width: 1 };
    const axis = { stroke: themeColor('--muted'), font: '12px system-ui, sans-serif', grid, ticks: { ...grid, size: 5 } };
    const values = (text) => (u, splits) => splits.map((value) => text(value));
    this.u = new uPlot({
      width, height: height + (this.last ? TIME_AXIS : 8), legend: { show: false },
      padding: [6, parts.some((part) => part.right) || !this.stack.hasRight ? 18 : AXIS, this.last ? 0 : 8, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), this.stack.zone),
      scales: {
        x: { time: true, range: () => [view.from / 1000, view.to / 1000] },
        y: { range: () => this.range(view, false) }, right: { range: () => this.range(view, true) },
      },
      axes: [
        { ...axis, ...(this.last ? { values: timeAxis(this.stack.zone), space: 64, size: TIME_AXIS } : { values: (u, splits) => splits.map(() => ''), space: 64, size: 0 }) },
        { ...axis, size: AXIS, space: 26, values: values(this.what.text) },
        ...(parts.some((part) => part.right) ? [{ ...axis, scale: 'right', side: 1, size: AXIS, space: 26, grid: { show: false }, values: values(this.what.text) }] : []),
      ],
      series, bands,
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false }, sync: { key: this.stack.key }, bind: { dblclick: () => () => { this.stack.on.reset(); return null; } } },
      hooks: {
        drawClear: [(u) => this.back(u)],
        draw: [(u) => { this.shapes(u, view); this.what.marks?.(u); }],
        setSelect: [(u) => this.selected(u)],
        setCursor: [(u) => this.read(u)],
      },
    }, this.data, this.box);
  }

  line(part, scale) {
    const color = themeColor(part.color);
    const none = { scale, stroke: color, width: 0, points: { show: false }, paths: () => null };
    if (part.kind === 'none' || part.kind === 'dots') return none;
    if (part.kind === 'bars') return { ...none, fill: color, paths: uPlot.paths.bars({ size: [0.7, 30, 1], align: 1 }) };
    return { scale, stroke: color, width: 1.6, dash: part.dash, points: { show: false } };
  }

  /** From the lowest to the highest of what is seen, with some room, and with all lines where they are near. */
  range(view, right) {
    const parts = this.what.parts.filter((part) => Boolean(part.right) === right);
    let min = Infinity;
    let max = -Infinity;
    parts.forEach((part) => part.points.forEach((point) => {
      if (point[0] < view.from || point[0] >= view.to) return;
      min = Math.min(min, lowest(part)(point));
      max = Math.max(max, highest(part)(point));
    }));
    if (min > max) [min, max] = this.what.usual ? [this.what.usual.min, this.what.usual.max] : [0, 1];
    if (!right) (this.what.lines ?? []).forEach(({ value }) => { min = Math.min(min, value); max = Math.max(max, value); });
    if (parts.some((part) => part.kind === 'bars')) min = Math.min(0, min);
    const pad = Math.max((max - min) * 0.1, Math.abs(max) * 0.01, 0.2);
    return [min === 0 ? 0 : min - pad, max + pad];
  }

  back(u) {
    const { left, top, width, height } = u.bbox;
    const y = (value) => Math.min(top + height, Math.max(top, u.valToPos(value, 'y', true)));
    u.ctx.save();
    if (this.what.usual) {
      u.ctx.fillStyle = themeColor('--target-shade');
      u.ctx.fillRect(left, y(this.what.usual.max), width, y(this.what.usual.min) - y(this.what.usual.max));
    }
    (this.what.grades ?? []).forEach(({ from, to, color, name }) => {
      const [high, low] = [y(to), y(from)];
      u.ctx.globalAlpha = 0.16;
      u.ctx.fillStyle = themeColor(color);
      u.ctx.fillRect(left, high, width, low - high);
      u.ctx.globalAlpha = 1;
      u.ctx.fillStyle = themeColor('--muted');
      u.ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
      u.ctx.textAlign = 'right';
      if (low - high > 13 * devicePixelRatio) u.ctx.fillText(name, left + width - 5 * devicePixelRatio, high + 12 * devicePixelRatio);
    });
    (this.what.lines ?? []).forEach(({ value }) => {
      u.ctx.strokeStyle = themeColor('--very-high');
      u.ctx.lineWidth = devicePixelRatio;
      u.ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
      u.ctx.beginPath(); u.ctx.moveTo(left, y(value)); u.ctx.lineTo(left + width, y(value)); u.ctx.stroke();
    });
    u.ctx.restore();
  }

  shapes(u, view) {
    this.what.parts.forEach((part) => {
      if (part.kind === 'bars' || part.kind === 'none') return;
      const here = part.points.filter((point) => point[0] >= view.from && point[0] < view.to);
      if (here.length > SHAPED && part.kind !== 'dots') return;
      u.ctx.save();
      u.ctx.strokeStyle = u.ctx.fillStyle = themeColor(part.color);
      u.ctx.lineWidth = 1.4 * devicePixelRatio;
      const size = (here.length > 60 ? 2 : 3) * devicePixelRatio;
      here.forEach((point) => drawShape(u.ctx, part.shape, u.valToPos(point[0] / 1000, 'x', true), u.valToPos(part.value(point), part.right ? 'right' : 'y', true), size));
      u.ctx.restore();
    });
  }

  selected(u) {
    const { left, width } = u.select;
    if (width <= 4) return;
    this.stack.zoom({ from: u.posToVal(left, 'x') * 1000, to: u.posToVal(left + width, 'x') * 1000 });
  }

  /** The values nearest to the pointer, which all plots of a stack share. */
  read(u) {
    const { left } = u.cursor;
    const texts = left < 0 ? [] : this.what.parts.map((part) => {
      const at = u.posToVal(left, 'x') * 1000;
      const near = part.points.reduce((best, point) => (!best || Math.abs(point[0] - at) < Math.abs(best[0] - at) ? point : best), null);
      if (!near || Math.abs(u.valToPos(near[0] / 1000, 'x') - left) > 40) return null;
      const range = part.band ? ` (${this.what.text(near[3])}–${this.what.text(near[4])})` : '';
      return { time: near[0], text: `${part.label ? `${part.label} ` : ''}${this.what.text(part.value(near))}${range}` };
    }).filter(Boolean);
    this.readout.textContent = texts.length ? `${show(texts[0].time, this.stack.zone, 'moment')} · ${texts.map((one) => one.text).join(' · ')}` : '';
  }
}

/**
 * A stack of plots in a box.
 *
 * @param on { zoom({from, to}), reset() }: what the reader did
 */
export class Strips {
  constructor(box, zone, on) {
    this.box = box;
    this.zone = zone;
    this.on = on;
    this.key = `strips-${groups++}`;
    this.strips = [];
    this.resize = new ResizeObserver(() => this.strips.forEach(({ u }) => {
      if (u && box.clientWidth > 0 && box.clientWidth !== u.width) u.setSize({ width: box.clientWidth, height: u.height });
    }));
    this.resize.observe(box);
  }

  close() {
    this.resize.disconnect();
    this.strips.forEach(({ u }) => u?.destroy());
    this.strips = [];
  }

  /**
   * Shows a span of time.
   *
   * @param strips list of { id, title, unit, height, text(value), usual, lines, grades, legend, marks(plot),
   *     parts: [{ label, points, resolution, value(point), band, right, kind, color, dash, shape }] }
   */
  draw(view, strips) {
    this.strips.forEach(({ u }) => u?.destroy());
    this.hasRight = strips.some((strip) => strip.parts.some((part) => part.right));
    this.strips = strips.map((strip, i) => new Strip(strip, this, i === strips.length - 1));
    this.box.replaceChildren(...this.strips.map(({ root }) => root));
    this.strips.forEach((strip) => strip.plot(view, this.box.clientWidth || 800));
    this.box.dataset.points = strips.reduce((n, strip) => n + strip.parts.reduce((m, part) => m + part.points.length, 0), 0);
  }

  /** All plots of the stack report the same selection; the plots must not go while they do. */
  zoom(view) {
    clearTimeout(this.zooming);
    this.zooming = setTimeout(() => this.on.zoom(view), 0);
  }
}

/** The legend's entries for what lies behind a plot. */
export const behind = {
  usual: (text) => h('li', {}, h('span', { class: 'key shade', 'aria-hidden': 'true' }), text),
  band: () => h('li', {}, h('span', { class: 'key band', 'aria-hidden': 'true' }), t('legendBand')),
};
