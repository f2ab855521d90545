// Blood pressure: each pair as a bar from diastolic to systolic, the means of mornings and evenings, and the pulse.

import * as api from './api.js';
import { h, svg, themeColor } from './dom.js';
import { number, percent, t } from './messages.js';
import { iso, PeriodView } from './periodView.js';
import { drawShape, Strips } from './strips.js';
import { dataTable, figureList } from './tables.js';
import { DAY, show } from './time.js';
import { attributesText, plainText } from './units.js';

const COLORS = { morning: '--c2', evening: '--c3', other: '--muted' };
const [TIME, SYSTOLIC, DIASTOLIC, PULSE, PART, ATTRIBUTES] = [0, 1, 2, 3, 4, 5];
/** Fewer days or pairs are no measurement at home that guidelines would go by. */
const DAYS_NEEDED = 3;
const PAIRS_NEEDED = 12;

/** Morning: filled triangles; evening: open ones; at other times a short dash. So parts differ without colour. */
function key(part) {
  const color = `var(${COLORS[part]})`;
  const ends = part === 'other' ? 'M3 2H11M3 18H11' : 'M7 1L11 7H3ZM7 19L11 13H3Z';
  return svg('svg', { width: 14, height: 20, 'aria-hidden': 'true', stroke: color, 'stroke-width': 1.6 },
    svg('path', { d: 'M7 6V14' }), svg('path', { d: ends, fill: part === 'morning' ? color : 'none' }));
}

function mean(report, part) {
  const { n, systolic, diastolic, pulse, aboveThreshold } = report[part];
  if (n === 0) return [part, t(`part.${part}`), '–', '', t('noReadings')];
  const { threshold } = report;
  const high = systolic >= threshold.systolic || diastolic >= threshold.diastolic;
  const hint = [t('pairs', { n: number(n) }), pulse === undefined ? null : t('pulseHint', { pulse: number(pulse) }), t('aboveHint', { share: percent(aboveThreshold, 0) }),
    high ? `▲ ${t('meanHigh')}` : null];
  return [part, t(`part.${part}`), `${number(systolic, 0)}/${number(diastolic, 0)}`, 'mmHg', hint.filter(Boolean).join(' · ')];
}

export class PressureView extends PeriodView {
  constructor(tab) {
    super(tab, { preset: 'days30' });
    this.box = this.chartBox('');
    this.strips = new Strips(this.box, this.zone, { zoom: (view) => this.zoom(view), reset: () => this.choosePreset(this.preset) });
    this.above = h('div', {});
    this.below = h('div', {});
    this.body.replaceChildren(this.above, this.box, this.below);
  }

  fetch(view, signal) {
    return api.bloodPressure(this.center.code, this.subject, { from: iso(view.from), to: iso(view.to) }, signal);
  }

  paint(report) {
    const { points, threshold, days, all, unpaired } = report;
    const enough = days >= DAYS_NEEDED && all.n >= PAIRS_NEEDED;
    const limits = { systolic: threshold.systolic, diastolic: threshold.diastolic };
    const summary = t('pressureSummary', { n: number(all.n), days: number(days), ...limits });
    this.above.replaceChildren(
      figureList([mean(report, 'all'), mean(report, 'morning'), mean(report, 'evening')]),
      h('p', { class: `sufficiency ${enough ? 'good' : 'warn'}`, 'data-testid': 'pressure-sufficiency' },
        h('span', { class: 'mark', 'aria-hidden': 'true' }, enough ? '✓' : '!'),
        h('span', {}, enough ? summary : `${summary} ${t('pressureFew')}`, unpaired ? ` ${t('unpaired', { n: number(unpaired) })}` : '')));
    this.box.setAttribute('aria-label', `${summary} ${t('chartKeys')}`);
    const part = (index, label) => ({ label, points, resolution: 'raw', value: (point) => point[index], kind: 'none', color: '--c1', dash: [], shape: 'circle' });
    const pulses = points.filter((point) => point[PULSE] !== null);
    this.strips.draw(this.view, [{
      id: 'pressure', title: t('tab.blood_pressure'), unit: 'mmHg', height: 320, text: plainText,
      parts: [part(SYSTOLIC, t('systolicShort')), part(DIASTOLIC, t('diastolicShort'))],
      lines: [threshold.systolic, threshold.diastolic].map((value) => ({ value, name: t('homeLine', limits) })),
      legend: ['morning', 'evening', 'other'].map((one) => h('li', {}, key(one), t(`legend.${one}`))),
      marks: (u) => this.pairs(u, points),
    }, ...(pulses.length ? [{
      id: 'pulse', title: t('pulse'), unit: '/min', height: 90, text: plainText,
      parts: [{ label: '', points: pulses, resolution: 'raw', value: (point) => point[PULSE], kind: 'dots', color: '--c4', dash: [], shape: 'diamond' }],
    }] : [])]);
    this.below.replaceChildren(dataTable(t('valuesCaption', { name: this.name() }),
      [t('time'), t('systolicShort'), t('diastolicShort'), t('pulse'), t('partHead'), t('postureHead')],
      [...points].reverse().slice(0, 200).map((point) => [
        show(point[TIME], this.zone, 'full'), plainText(point[SYSTOLIC]), plainText(point[DIASTOLIC]), point[PULSE] === null ? '–' : plainText(point[PULSE]),
        t(`part.${point[PART]}`), attributesText(point[ATTRIBUTES]) || '–'])));
  }

  pairs(u, points) {
    const { from, to } = this.view;
    const size = (to - from > 60 * DAY ? 2.4 : 4) * devicePixelRatio;
    u.ctx.save();
    u.ctx.beginPath();
    u.ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    u.ctx.clip();
    points.filter((point) => point[TIME] >= from && point[TIME] < to).forEach((point) => {
      const x = u.valToPos(point[TIME] / 1000, 'x', true);
      const [top, bottom] = [u.valToPos(point[SYSTOLIC], 'y', true), u.valToPos(point[DIASTOLIC], 'y', true)];
      const part = point[PART];
      u.ctx.strokeStyle = u.ctx.fillStyle = themeColor(COLORS[part]);
      u.ctx.lineWidth = 2 * devicePixelRatio;
      u.ctx.beginPath(); u.ctx.moveTo(x, top); u.ctx.lineTo(x, bottom); u.ctx.stroke();
      u.ctx.lineWidth = 1.5 * devicePixelRatio;
      if (part === 'other') {
        u.ctx.beginPath();
        [top, bottom].forEach((y) => { u.ctx.moveTo(x - size, y); u.ctx.lineTo(x + size, y); });
        u.ctx.stroke();
        return;
      }
      if (part === 'evening') u.ctx.fillStyle = themeColor('--surface');
      drawShape(u.ctx, 'up', x, top, size);
      drawShape(u.ctx, 'down', x, bottom, size);
    });
    u.ctx.restore();
  }
}
