// Why a subject is near the top of the worklist: short texts with the figure, most of which a colour only repeats.

import { h } from './dom.js';
import { number, percent, t } from './messages.js';

/** What needs action at once is also told by a sign of its own. */
const URGENT = new Set(['below54', 'meterBelow54', 'systolicCrisis', 'diastolicCrisis', 'saturationLow']);
const DIGITS = { below54: 1, below70: 1, rangeDrop: 0, saturationLow: 0, dustHigh: 0 };

function figure(flag) {
  const digits = DIGITS[flag.code] ?? 0;
  return flag.unit === '%' ? percent(flag.value, digits) : number(flag.value, digits);
}

/** The flags of a subject as a list; nothing where there are none. */
export function riskFlags(flags) {
  if (flags.length === 0) return h('span', { class: 'muted', 'aria-hidden': 'true' }, '–');
  return h('ul', { class: 'flags' }, flags.map((flag) => {
    const urgent = URGENT.has(flag.code);
    const values = { value: figure(flag), points: number(flag.value, 0) };
    return h('li', { class: urgent ? 'flag urgent' : 'flag', 'data-testid': `risk-${flag.code}`, title: t(`risk.${flag.code}.why`) },
      h('span', { class: 'mark', role: 'img', 'aria-label': t(urgent ? 'riskUrgent' : 'riskNotice') }, urgent ? '▲' : '●'),
      t(`risk.${flag.code}`, values),
      h('span', { class: 'hidden-visually' }, ` (${t(`risk.${flag.code}.why`)})`));
  }));
}
