// One day of a subject: glucose with meals, heart rate, steps and sleep on one axis of time.

import * as api from './api.js';
import { announce, h, svg } from './dom.js';
import { mealLegend, mealMark, mealName } from './modalDay.js';
import { number, percent, t } from './messages.js';
import { DAY, HOUR, MINUTE, show } from './time.js';
import { linePath, linear, longestStep } from './traces.js';

const LEFT = 58;
const RIGHT = 12;
const QUARTER = 15 * MINUTE;
const WINDOWS = { '1m': MINUTE, '1h': HOUR, '1d': DAY };
const STAGES = ['awake', 'rem', 'light', 'deep'];

/** All series of an answer, with the value of an attribute. */
const parts = (answer, attribute) => (answer.series ?? [{ attributes: answer.attributes ?? '', points: answer.points ?? [] }])
  .map((one) => ({ tag: one.attributes.split(';').find((pair) => pair.startsWith(`${attribute}=`))?.split('=')[1] ?? '', points: one.points }));

/** Amounts over intervals as amounts of quarters of an hour: [[millis, amount]]. */
function quarters(answer, from, to) {
  const bins = new Map();
  const raw = answer.resolution === 'raw';
  parts(answer, '').flatMap((one) => one.points).forEach((point) => {
    const start = point[0];
    const end = Math.max(raw ? point[3] ?? start : start + WINDOWS[answer.resolution], start + 1);
    const amount = raw ? point[1] : point[8];
    for (let at = from + Math.floor((start - from) / QUARTER) * QUARTER; at < end; at += QUARTER) {
      const share = (Math.min(end, at + QUARTER) - Math.max(start, at)) / (end - start);
      if (at >= from && at < to) bins.set(at, (bins.get(at) ?? 0) + amount * share);
    }
  });
  return [...bins].sort((a, b) => a[0] - b[0]);
}

/** What is shown of a day. */
async function load(center, subject, metric, day, signal) {
  const from = Date.parse(day.from);
  const to = Date.parse(day.to);
  const read = (code, resolution, begin = from) => api.series(center.code, subject,
    { metric: code, from: new Date(begin).toISOString(), to: day.to, resolution }, signal);
  const [glucose, meter, heart, steps, sleep] = await Promise.all([
    read(metric, 'raw'), read('glucose_smbg', 'raw'), read('heart_rate', 'auto'), read('steps', 'auto'),
    // A night begins on the day before.
    read('sleep', 'raw', from - DAY)]);
  const flat = (answer) => parts(answer, '').flatMap((one) => one.points).sort((a, b) => a[0] - b[0]);
  return {
    from, to,
    glucose: metric === 'glucose_smbg' ? [] : flat(glucose),
    meter: parts(meter, 'meal').flatMap(({ tag, points }) => points.map((point) => ({ at: point[0], value: point[1], meal: tag }))).sort((a, b) => a.at - b.at),
    heart: flat(heart).map((point) => [point[0], heart.resolution === 'raw' ? point[1] : point[2]]),
    steps: quarters(steps, from, to),
    sleep: parts(sleep, 'stage').flatMap(({ tag, points }) => points.map((point) => ({ from: Math.max(from, point[0]), to: Math.min(to, point[3] ?? point[0]), stage: tag || 'asleep' })))
      .filter((one) => one.to > one.from).sort((a, b) => a.from - b.from),
  };
}

function glucosePanel(data, scale, x, top, height) {
  const values = data.glucose.map((point) => point[1]).concat(data.meter.map((one) => one.value));
  const y = linear(40, Math.max(300, ...values) + 12, top + height, top);
  const right = x(data.to);
  return svg('g', {},
    svg('rect', { class: 'target-shade', x: LEFT, y: y(180), width: right - LEFT, height: y(70) - y(180) }),
    [[70, 'low'], [180, 'high'], [250, 'veryHigh'], [54, 'veryLow']].map(([value, key]) => [
      svg('line', { class: `limit ${key}`, x1: LEFT, x2: right, y1: y(value), y2: y(value) }),
      svg('text', { x: LEFT - 7, y: y(value) + (value === 54 ? 8 : value === 70 ? 2 : 4), 'text-anchor': 'end' }, scale.text(value))]),
    svg('path', { class: 'thumb-line', d: linePath(data.glucose, x, y, longestStep(data.glucose)) }),
    data.meter.map((one) => mealMark(one.meal, x(one.at), y(one.value), 7)));
}

function heartPanel(data, x, top, height) {
  const values = data.heart.map((point) => point[1]);
  const [low, high] = [Math.min(50, ...values), Math.max(120, ...values)];
  const y = linear(low, high, top + height - 2, top + 4);
  return svg('g', {},
    [low, high].map((value) => svg('text', { x: LEFT - 7, y: y(value) + (value === low ? 0 : 8), 'text-anchor': 'end' }, number(value))),
    svg('path', { class: 'heart-line', d: linePath(data.heart, x, y, longestStep(data.heart)) }));
}

function stepsPanel(data, x, top, height) {
  const most = Math.max(200, ...data.steps.map((bin) => bin[1]));
  const y = linear(0, most, top + height, top + 4);
  return svg('g', {},
    svg('text', { x: LEFT - 7, y: y(most) + 8, 'text-anchor': 'end' }, number(most)),
    svg('text', { x: LEFT - 7, y: y(0), 'text-anchor': 'end' }, '0'),
    data.steps.map(([at, amount]) => svg('rect', { class: 'step-bar', x: x(at) + 0.5, y: y(amount), width: Math.max(1, x(at + QUARTER) - x(at) - 1), height: y(0) - y(amount) })));
}

function sleepPanel(data, x, top, height) {
  const row = height / STAGES.length;
  const level = (stage) => (STAGES.includes(stage) ? STAGES.indexOf(stage) : 2);
  return svg('g', {},
    STAGES.map((stage, i) => svg('text', { x: LEFT - 7, y: top + row * i + row * 0.75, 'text-anchor': 'end' }, t(`stage.${stage}`))),
    data.sleep.map((one) => svg('rect', { class: 'sleep-bar', x: x(one.from), y: top + row * level(one.stage) + 1, width: Math.max(1, x(one.to) - x(one.from)), height: row - 2 })));
}

/** Sleep in minutes, without what is awake. */
const slept = (data) => data.sleep.filter((one) => one.stage !== 'awake').reduce((sum, one) => sum + (one.to - one.from) / MINUTE, 0);
const duration = (minutes) => t('hoursMinutes', { hours: number(Math.floor(minutes / 60)), minutes: number(Math.round(minutes) % 60) });

/** The card of a day. */
export class DayView {
  /**
   * @param on { open(day), closed() }: another day is wanted; the reader is done
   */
  constructor(center, subject, metric, on) {
    Object.assign(this, { center, subject, metric, on });
    this.root = h('section', { class: 'card day-view', hidden: true, 'aria-labelledby': 'day-title', 'data-testid': 'day-view', onkeydown: (event) => event.key === 'Escape' && this.hide() });
    this.resize = new ResizeObserver(() => this.data && this.place.clientWidth && this.place.clientWidth !== this.width && this.drawPanels());
  }

  close() {
    this.abort?.abort();
    this.resize.disconnect();
  }

  hide() {
    this.abort?.abort();
    this.root.hidden = true;
    this.day = null;
    this.on.closed();
  }

  /** Opens a day; `days` are those between which one can go. */
  async open(day, days, scale) {
    this.abort?.abort();
    this.abort = new AbortController();
    const { signal } = this.abort;
    const data = await load(this.center, this.subject, this.metric, day, signal);
    if (signal.aborted) return;
    const fresh = this.root.hidden;
    Object.assign(this, { day, days, scale, data });
    this.root.hidden = false;
    this.draw();
    this.title.focus({ preventScroll: true });
    if (fresh) this.root.scrollIntoView({ block: 'nearest' });
    announce(this.title.textContent);
  }

  /** Shows the same day in another unit. */
  rescale(scale) {
    this.scale = scale;
    if (this.day) this.draw();
  }

  draw() {
    const at = this.days.findIndex((one) => one.date === this.day.date);
    const step = (by, text) => h('button', { type: 'button', 'data-testid': by < 0 ? 'day-before' : 'day-after', disabled: !this.days[at + by], onclick: () => this.on.open(this.days[at + by]) }, text);
    this.title = h('h2', { id: 'day-title', tabindex: -1, 'data-date': this.day.date }, show((this.data.from + this.data.to) / 2, this.center.zone, 'longDay'));
    this.place = h('div', { class: 'day-panels' });
    this.readout = h('p', { class: 'readout muted', 'data-testid': 'day-readout' }, t('dayHint'));
    this.root.replaceChildren(
      h('div', { class: 'card-head' }, this.title, h('div', { class: 'tools' },
        h('div', { class: 'group', role: 'group', 'aria-label': t('day') }, step(-1, `‹ ${t('earlier')}`), step(1, `${t('later')} ›`)),
        h('button', { type: 'button', 'data-testid': 'day-close', onclick: () => this.hide() }, t('closeDay')))),
      this.readout, this.place,
      this.data.meter.length ? mealLegend([...new Set(this.data.meter.map((one) => one.meal))]) : null,
      this.summary());
    this.resize.disconnect();
    this.resize.observe(this.place);
    this.drawPanels();
  }

  /** The day in words and numbers. */
  summary() {
    const { day, data, scale } = this;
    const fact = (id, name, value) => h('div', {}, h('dt', {}, name), h('dd', { 'data-testid': `day-${id}` }, value));
    const heart = data.heart.map((point) => point[1]);
    return h('dl', { class: 'facts day-facts' },
      fact('glucose', t('glucose'), t('dayGlucose', { n: number(day.n), mean: `${scale.text(day.mean)} ${scale.unit}`, inRange: percent(day.timeInRange.in70to180, 0) })),
      data.meter.length ? fact('meals', t('meterReadings'), data.meter.map((one) => `${show(one.at, this.center.zone, 'clock')} ${scale.text(one.value)} (${mealName(one.meal)})`).join(', ')) : null,
      heart.length ? fact('heart', t('heartRate'), `${number(Math.min(...heart))}–${number(Math.max(...heart))} /min`) : null,
      data.steps.length ? fact('steps', t('steps'), number(data.steps.reduce((sum, bin) => sum + bin[1], 0))) : null,
      data.sleep.length ? fact('sleep', t('sleep'), duration(slept(data))) : null);
  }

  drawPanels() {
    const { data, scale } = this;
    this.width = this.place.clientWidth || 900;
    const x = linear(data.from, data.to, LEFT, this.width - RIGHT);
    const panels = [
      { name: `${t('glucose')} (${scale.unit})`, height: 210, draw: (top, height) => glucosePanel(data, scale, x, top, height) },
      data.heart.length && { name: `${t('heartRate')} (/min)`, height: 84, draw: (top, height) => heartPanel(data, x, top, height) },
      data.steps.length && { name: t('stepsQuarter'), height: 70, draw: (top, height) => stepsPanel(data, x, top, height) },
      data.sleep.length && { name: t('sleep'), height: 64, draw: (top, height) => sleepPanel(data, x, top, height) },
    ].filter(Boolean);
    let top = 0;
    const drawn = panels.map(({ name, height, draw }) => {
      const at = top + 20;
      top = at + height + 8;
      return [svg('text', { class: 'panel-name', x: LEFT, y: at - 6 }, name),
        svg('rect', { class: 'panel-back', x: LEFT, y: at, width: this.width - RIGHT - LEFT, height }), draw(at, height)];
    });
    const hours = [];
    for (let at = data.from; at <= data.to; at += (this.width < 560 ? 6 : 3) * HOUR) hours.push(at);
    this.line = svg('line', { class: 'cursor', y1: 14, y2: top - 8, visibility: 'hidden' });
    this.place.replaceChildren(svg('svg', {
      class: 'agp day-svg', viewBox: `0 0 ${this.width} ${top + 20}`, role: 'img', 'aria-label': this.title.textContent, 'data-testid': 'day-panels',
      onpointermove: (event) => this.point(event, x), onpointerleave: () => this.line.setAttribute('visibility', 'hidden'),
    },
      hours.map((at) => [
        svg('line', { class: 'grid', x1: x(at), x2: x(at), y1: 20, y2: top - 8 }),
        svg('text', { x: x(at), y: top + 10, 'text-anchor': at === data.to ? 'end' : 'middle' }, at === data.to ? '24:00' : show(at, this.center.zone, 'clock'))]),
      drawn, this.line));
  }

  /** What was measured at the time under the pointer, of all panels. */
  point(event, x) {
    const box = this.place.getBoundingClientRect();
    const { data, scale } = this;
    const at = data.from + ((event.clientX - box.left - LEFT) / (this.width - LEFT - RIGHT)) * (data.to - data.from);
    if (at < data.from || at >= data.to) return;
    this.line.setAttribute('x1', x(at));
    this.line.setAttribute('x2', x(at));
    this.line.setAttribute('visibility', 'visible');
    const near = (points) => points.reduce((best, point) => (Math.abs(point[0] - at) < Math.abs((best?.[0] ?? Infinity) - at) ? point : best), null);
    const close = (points, reach) => { const point = near(points); return point && Math.abs(point[0] - at) <= reach ? point[1] : null; };
    const glucose = close(data.glucose, QUARTER);
    const heart = close(data.heart, QUARTER);
    const steps = data.steps.find((bin) => at >= bin[0] && at < bin[0] + QUARTER);
    const sleep = data.sleep.find((one) => at >= one.from && at < one.to);
    this.readout.textContent = [
      show(at, this.center.zone, 'clock'),
      glucose === null ? null : `${t('glucose')} ${scale.text(glucose)} ${scale.unit}`,
      heart === null ? null : `${t('heartRate')} ${number(heart)} /min`,
      steps ? `${t('stepsQuarter')} ${number(steps[1])}` : null,
      sleep ? `${t('sleep')}: ${t(`stage.${sleep.stage}`)}` : null,
    ].filter(Boolean).join(' · ');
  }
}
