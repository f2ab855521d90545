// What to distrust of a subject's readings, first in plain words, then by reason and device, then the newest of them.

import * as api from './api.js';
import { h } from './dom.js';
import { errorText, has, named, number, t } from './messages.js';
import { show } from './time.js';

/** What matters most to a reader of the trends comes first. */
const GROUPS = ['clock', 'censored', 'duplicates', 'doubtful', 'late', 'quarantined', 'corrected'];
const HARMLESS = new Set(['corrected']);

const sum = (counts) => counts.reduce((total, count) => total + count.n, 0);
const list = (codes) => codes.map((code) => (has(`quality.${code}`) ? t(`quality.${code}`) : code)).join(', ');

function sentences(quality) {
  const groups = GROUPS.filter((group) => quality[group].length > 0);
  if (groups.length === 0) {
    return h('p', { class: 'sufficiency good', 'data-testid': 'quality-none' }, h('span', { class: 'mark', 'aria-hidden': 'true' }, '✓'),
      t('qualityNone', { n: number(quality.readings) }));
  }
  return h('ul', { class: 'distrust' }, groups.map((group) => h('li', { class: HARMLESS.has(group) ? 'muted' : '', 'data-testid': `quality-${group}` },
    h('strong', {}, number(sum(quality[group]))), ' ', t(`quality.group.${group}`))));
}

const where = (stored) => t(stored ? 'qualityStored' : 'qualityApart');

function table(head, rows, testid) {
  return h('div', { class: 'scroll' }, h('table', { class: 'plain', 'data-testid': testid },
    h('thead', {}, h('tr', {}, head.map(([name, numeric]) => h('th', { scope: 'col', class: numeric ? 'number' : '' }, t(name))))),
    h('tbody', {}, rows)));
}

function counts(quality, names, zone) {
  const rows = GROUPS.flatMap((group) => quality[group]).map((count) => h('tr', { 'data-code': count.code },
    h('th', { scope: 'row' }, list([count.code])),
    h('td', {}, names.get(count.metric) ?? count.metric ?? '–'),
    h('td', {}, count.device ?? '–'),
    h('td', { class: 'number' }, number(count.n)),
    h('td', {}, where(count.stored)),
    h('td', {}, count.last ? show(count.last, zone, 'full') : '–')));
  return table([['qualityWhat'], ['metric'], ['device'], ['qualityCount', true], ['qualityInFigures'], ['qualityLast']], rows, 'quality-counts');
}

function examples(quality, names, zone) {
  const rows = quality.newest.map((one) => h('tr', {},
    h('th', { scope: 'row' }, one.time ? show(one.time, zone, 'full') : '–'),
    h('td', {}, names.get(one.metric) ?? one.metric ?? '–'),
    h('td', { class: 'number' }, one.value === null ? '–' : `${number(one.value, Number.isInteger(one.value) ? 0 : 1)} ${one.unit ?? ''}`),
    h('td', {}, one.device ?? '–'),
    h('td', {}, list(one.codes), h('small', {}, where(one.stored))),
    h('td', {}, show(one.receivedAt, zone, 'full'))));
  return table([['qualityTime'], ['metric'], ['qualityValue', true], ['device'], ['qualityWhat'], ['qualityReceived']], rows, 'quality-newest');
}

/** The section of a subject; loads when it is on the page. */
export function qualitySection(center, subject) {
  const names = new Map(center.metrics.map((metric) => [metric.code, named(metric)]));
  const place = h('div', {}, h('p', { class: 'loading' }, t('loading')));
  const period = h('span', { class: 'muted' });
  const load = async () => {
    try {
      const quality = await api.quality(center.code, subject);
      period.textContent = t('reportPeriod', { from: show(quality.from, center.zone, 'moment'), to: show(quality.to, center.zone, 'moment') });
      const found = GROUPS.some((group) => quality[group].length > 0);
      place.replaceChildren(...[
        sentences(quality),
        found ? h('details', {}, h('summary', {}, t('qualityByReason')), counts(quality, names, center.zone)) : null,
        found ? h('details', {}, h('summary', {}, t('qualityNewest', { n: number(quality.newest.length) })), examples(quality, names, center.zone)) : null,
      ].filter(Boolean));
    } catch (failure) {
      if (failure.code === 'unauthenticated') return;
      if (!failure.code) console.error(failure);
      place.replaceChildren(h('p', { role: 'alert' }, errorText(failure)), h('button', { type: 'button', onclick: load }, t('retry')));
    }
  };
  load();
  return h('section', { class: 'card quality', 'aria-labelledby': 'quality-title', 'data-testid': 'quality' },
    h('div', { class: 'card-head' }, h('h2', { id: 'quality-title' }, t('qualityTitle')), period),
    place);
}
