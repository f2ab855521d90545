// The zoomable trend: a thin layer over uPlot that knows readings, summaries, gaps, ranges and flags.

import uPlot from '/assets/uplot/uPlot.esm.js';
import { h, themeColor } from './dom.js';
import { t } from './messages.js';
import { DAY, HOUR, show } from './time.js';

const HEIGHT = 320;
/** A step so many times the typical one is a gap, over which no line is drawn. */
const GAP = 3;
const WINDOW_MILLIS = { '1m': 60_000, '1h': HOUR, '1d': DAY };

const median = (values) => {
  const sorted = Float64Array.from(values).sort();
  return sorted.length ? sorted[Math.floor((sorted.length - 1) / 2)] : Infinity;
};

/** The longest step between two points that is no gap, in milliseconds. */
function longestStep(points, resolution) {
  const steps = points.slice(1).map((point, i) => point[0] - points[i][0]);
  return GAP * Math.max(median(steps), WINDOW_MILLIS[resolution] ?? 0);
}

/**
 * Columns for uPlot: seconds, then one column for each function of a point; null where nothing is and in gaps.
 */
export function columns(points, resolution, values) {
  const longest = longestStep(points, resolution);
  const out = [[], ...values.map(() => [])];
  points.forEach((point, i) => {
    if (i > 0 && point[0] - points[i - 1][0] > longest) {
      out[0].push((points[i - 1][0] + point[0]) / 2000);
      values.forEach((value, column) => out[column + 1].push(null));
    }
    out[0].push(point[0] / 1000);
    values.forEach((value, column) => out[column + 1].push(value(point)));
  });
  return out;
}

const dots = (color, size) => ({ stroke: color, width: 0, paths: () => null, points: { show: true, size, fill: color, stroke: color, width: 0 } });

export function timeAxis(zone) {
  return (u, splits, index, space, increment) => {
    let last = '';
    return splits.map((split) => {
      const millis = split * 1000;
      if (increment >= 86_400 * 27) return show(millis, zone, 'month');
      if (increment >= 86_400) return `${show(millis, zone, 'day')}\n${show(millis, zone, 'weekday')}`;
      const day = show(millis, zone, 'day');
      const text = day === last ? show(millis, zone, 'clock') : `${show(millis, zone, 'clock')}\n${day}`;
      last = day;
      return text;
    });
  };
}

/** A shape for each flag, so that colour is not the only sign. */
function mark(context, flags, x, y, size) {
  context.beginPath();
  if (flags.includes('below-range')) {
    context.moveTo(x - size, y - size); context.lineTo(x + size, y - size); context.lineTo(x, y + size);
  } else if (flags.includes('above-range')) {
    context.moveTo(x - size, y + size); context.lineTo(x + size, y + size); context.lineTo(x, y - size);
  } else {
    context.moveTo(x, y - size); context.lineTo(x + size, y); context.lineTo(x, y + size); context.lineTo(x - size, y);
  }
  context.closePath();
}

/** Nothing is odd about what came late, or is made of other readings and changes with them. */
const marked = (flags) => flags.some((flag) => flag !== 'late' && flag !== 'derived' && !(flag === 'corrected' && flags.includes('derived')));

/**
 * One trend in one box.
 *
 * @param on { zoom({from, to}), reset(), drawn(plot) }: what the reader did, and that the plot has moved
 */
export class TrendPlot {
  constructor(box, zone, on) {
    this.box = box;
    this.zone = zone;
    this.on = on;
    this.tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
    this.resize = new ResizeObserver(() => {
      if (this.plot && box.clientWidth > 0 && box.clientWidth !== this.plot.width) this.plot.setSize({ width: box.clientWidth, height: HEIGHT });
    });
    this.resize.observe(box);
  }

  close() {
    this.resize.disconnect();
    this.plot?.destroy();
  }

  /**
   * Shows points.
   *
   * @param what { points, resolution, view, scale: {of, text, unit}, band: {min, max}, lines, consensus, sum, bars }
   */
  draw(what) {
    this.what = what;
    const raw = what.resolution === 'raw';
    const { data, series, bands } = raw ? this.rawSeries(what) : this.windowSeries(what);
    this.data = data;
    this.plot?.destroy();
    this.plot = new uPlot({
      width: this.box.clientWidth || 800,
      height: HEIGHT,
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), this.zone),
      scales: { x: { time: true, range: () => [this.what.view.from / 1000, this.what.view.to / 1000] }, y: { range: (u, min, max) => this.valueRange(min, max) } },
      axes: [this.axis({ values: timeAxis(this.zone), space: 64, size: 44 }), this.valueAxis(what)],
      series: [{}, ...series],
      bands,
      cursor: {
        y: false, drag: { x: true, y: false, setScale: false }, points: { show: false },
        bind: { dblclick: () => () => { this.on.reset(); return null; } },
      },
      hooks: {
        drawClear: [(u) => this.shade(u)],
        draw: [(u) => { if (raw) this.marks(u); this.on.drawn(u); }],
        setSelect: [(u) => this.selected(u)],
        setCursor: [(u) => this.point(u)],
      },
    }, data, this.box);
    this.plot.over.append(this.tip);
  }

  rawSeries({ points, resolution, scale, consensus, discrete, bars }) {
    const span = this.what.view.to - this.what.view.from;
    const within = points.filter((point) => point[0] >= this.what.view.from && point[0] < this.what.view.to).length;
    const size = within > 2500 ? 3.2 : within > 800 ? 4 : span <= DAY ? 6 : 5;
    const at = (test) => (point) => (test(point[1]) ? scale.of(point[1]) : null);
    if (bars) {
      const color = themeColor('--accent');
      return { data: columns(points, resolution, [at(() => true)]), series: [{ stroke: color, fill: color, width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.6, 28] }) }] };
    }
    const line = { stroke: themeColor('--trend-line'), width: 1, points: { show: false }, ...(discrete ? { paths: () => null } : {}) };
    if (!consensus) {
      return { data: columns(points, resolution, [at(() => true), at(() => true)]), series: [line, dots(themeColor('--accent'), size)] };
    }
    const tests = [(v) => v < 70, (v) => v >= 70 && v <= 180, (v) => v > 180];
    return {
      data: columns(points, resolution, [at(() => true), ...tests.map(at)]),
      series: [line, dots(themeColor('--low'), size), dots(themeColor('--target'), size), dots(themeColor('--high-dot'), size)],
    };
  }

  windowSeries({ points, resolution, scale, sum }) {
    const column = sum ? 8 : 2;
    const line = { stroke: themeColor('--accent'), width: 1.8, points: { show: points.length < 400, size: 4, fill: themeColor('--accent'), width: 0 } };
    const value = (index) => (point) => scale.of(point[index]);
    if (sum) return { data: columns(points, resolution, [value(column)]), series: [line] };
    const edge = { stroke: 'transparent', width: 0, points: { show: false } };
    return {
      data: columns(points, resolution, [value(column), value(4), value(3)]),
      series: [line, edge, edge],
      bands: [{ series: [2, 3], fill: themeColor('--band') }],
    };
  }

  axis(own) {
    return {
      stroke: themeColor('--muted'), font: '12px system-ui, sans-serif',
      grid: { stroke: themeColor('--grid'), width: 1 }, ticks: { stroke: themeColor('--grid'), width: 1, size: 5 }, ...own,
    };
  }

  valueAxis({ scale, consensus }) {
    // Ticks at the limits of the ranges, which have lines of their own.
    const fixed = consensus ? { grid: { show: false }, splits: (u, i, min, max) => [54, 70, 180, 250, 350, 450].map(scale.of).filter((v) => v >= min && v <= max) } : {};
    return this.axis({ size: 56, values: (u, splits) => splits.map((v) => (consensus ? scale.text(v / scale.of(1)) : scale.axis(v))), ...fixed });
  }

  valueRange(min, max) {
    const { scale, consensus, band, sum, bars, resolution } = this.what;
    if (consensus) return [scale.of(Math.min(40, (min ?? 70) / scale.of(1) - 8)), scale.of(Math.max(275, (max ?? 180) / scale.of(1) + 18))];
    if (min === null || min === undefined) return band ? [band.min, band.max] : [0, 1];
    if (sum || (bars && resolution === 'raw')) return [0, Math.max(max * 1.08, 1)];
    const pad = Math.max((max - min) * 0.12, Math.abs(max) * 0.01, 0.5);
    return [min - pad, max + pad];
  }

  /** The range in which values ought to be, behind everything. */
  shade(u) {
    const { band, lines, scale } = this.what;
    const { left, top, width, height } = u.bbox;
    const y = (value) => Math.min(top + height, Math.max(top, u.valToPos(scale.of(value), 'y', true)));
    u.ctx.save();
    if (band) {
      u.ctx.fillStyle = themeColor('--target-shade');
      u.ctx.fillRect(left, y(band.max), width, y(band.min) - y(band.max));
    }
    u.ctx.lineWidth = devicePixelRatio;
    (lines ?? []).forEach(({ value, color, dash }) => {
      const at = Math.round(y(value)) + 0.5;
      if (at <= top || at >= top + height) return;
      u.ctx.strokeStyle = themeColor(color);
      u.ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
      u.ctx.beginPath(); u.ctx.moveTo(left, at); u.ctx.lineTo(left + width, at); u.ctx.stroke();
    });
    u.ctx.restore();
  }

  marks(u) {
    const { points, scale, view } = this.what;
    const here = points.filter((point) => point[0] >= view.from && point[0] < view.to);
    // Small where readings are dense, so that the marks do not hide each other.
    const size = (here.length > 800 ? 2.8 : 4.5) * devicePixelRatio;
    u.ctx.save();
    u.ctx.lineWidth = (here.length > 800 ? 1.1 : 1.6) * devicePixelRatio;
    u.ctx.fillStyle = themeColor('--surface');
    here.filter((point) => marked(point[2])).forEach((point) => {
      u.ctx.strokeStyle = themeColor(point[2].includes('below-range') ? '--very-low' : point[2].includes('above-range') ? '--very-high' : '--mark');
      mark(u.ctx, point[2], u.valToPos(point[0] / 1000, 'x', true), u.valToPos(scale.of(point[1]), 'y', true), size);
      u.ctx.fill();
      u.ctx.stroke();
    });
    u.ctx.restore();
  }

  selected(u) {
    const { left, width } = u.select;
    if (width > 4) {
      const from = u.posToVal(left, 'x') * 1000;
      const to = u.posToVal(left + width, 'x') * 1000;
      u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      this.on.zoom({ from, to });
    }
  }

  /** What is under the pointer, in words. */
  point(u) {
    const { left, idx } = u.cursor;
    const { points, resolution, scale, sum } = this.what;
    const at = idx === null || idx === undefined || left < 0 ? undefined : u.data[0][idx] * 1000;
    const point = at === undefined ? undefined : points.find((one) => Math.abs(one[0] - at) < 1);
    this.tip.hidden = !point;
    if (!point) return;
    const x = u.valToPos(point[0] / 1000, 'x');
    if (Math.abs(x - left) > 40) { this.tip.hidden = true; return; }
    const raw = resolution === 'raw';
    const value = raw ? point[1] : point[sum ? 8 : 2];
    const lines = [h('strong', {}, `${scale.text(value)} ${scale.unit}`), h('span', {}, show(point[0], this.zone, 'moment'))];
    if (raw) point[2].forEach((flag) => lines.push(h('em', {}, t(`flag.${flag}`))));
    else lines.push(h('span', {}, `${scale.text(point[3])} – ${scale.text(point[4])}, n ${point[1]}`));
    this.tip.replaceChildren(...lines);
    const right = x > u.over.clientWidth - 180;
    this.tip.style.left = right ? '' : `${x + 12}px`;
    this.tip.style.right = right ? `${u.over.clientWidth - x + 12}px` : '';
  }
}
