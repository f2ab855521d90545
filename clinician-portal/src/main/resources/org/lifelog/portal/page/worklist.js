import * as api from './api.js';
import { stackedBar } from './bars.js';
import { h } from './dom.js';
import { number, percent, t } from './messages.js';
import { riskFlags } from './risk.js';
import { ago, DAY, show } from './time.js';

const METRICS_SHOWN = 3;

function metricChips(row, names) {
  const shown = row.metrics.slice(0, METRICS_SHOWN).map((code) => h('span', { class: 'chip' }, names.get(code) ?? code));
  const rest = row.metrics.length - shown.length;
  return [shown, rest > 0 ? h('span', { class: 'muted' }, ' ', t('more', { n: rest })) : null];
}

function lastReading(row, zone) {
  if (!row.lastReading) return h('span', { class: 'muted' }, t('never'));
  const silent = Date.now() - Date.parse(row.lastReading) > DAY;
  return [
    h('span', { class: silent ? 'silent' : '' }, silent ? h('span', { role: 'img', 'aria-label': t('silent'), title: t('silent') }, '◔ ') : null, ago(row.lastReading)),
    h('small', {}, show(row.lastReading, zone, 'full'))];
}

function rangeCell(row) {
  if (!row.timeInRange) return h('span', { class: 'muted', 'aria-hidden': 'true' }, '–');
  const share = row.timeInRange;
  const label = `${t('target')} ${percent(share.in70to180)}, ${t('low')} ${percent(share.below70)}, ${t('high')} ${percent(share.above180)}`;
  return h('div', { class: 'mini' }, h('strong', {}, percent(share.in70to180, 0)), stackedBar(share, label));
}

function sortHeader(state, sort, name, go, note) {
  const on = state.sort === sort;
  const highestFirst = sort === 'risk';
  return h('th', { scope: 'col', 'aria-sort': on ? (highestFirst ? 'descending' : 'ascending') : 'none' },
    h('button', { class: 'sort', type: 'button', 'data-testid': `sort-${sort}`, onclick: () => go({ ...state, sort, page: 1 }) },
      name, h('span', { class: 'arrow', 'aria-hidden': 'true' }, on ? (highestFirst ? '▼' : '▲') : '')),
    note ? h('small', {}, note) : null);
}

function table(list, state, center, names, go, open) {
  const rows = list.subjects.map((row) => h('tr', { 'data-testid': 'worklist-row', 'data-subject': row.subject, onclick: () => open(row.subject) },
    h('th', { scope: 'row' }, h('a', { href: `#/${center.code}/${encodeURIComponent(row.subject)}`, onclick: (event) => event.stopPropagation() }, row.subject)),
    h('td', {}, riskFlags(row.flags)),
    h('td', {}, lastReading(row, center.zone)),
    h('td', {}, rangeCell(row)),
    h('td', { class: 'number' }, row.activePercent === null ? h('span', { class: 'muted', 'aria-hidden': 'true' }, '–') : percent(row.activePercent, 0)),
    h('td', { class: 'metrics' }, metricChips(row, names))));
  return h('div', { class: 'scroll' }, h('table', { id: 'worklist', 'data-testid': 'worklist' },
    h('thead', {}, h('tr', {},
      sortHeader(state, 'code', t('subject'), go),
      sortHeader(state, 'risk', t('risk'), go, t('riskDays')),
      sortHeader(state, 'staleness', t('lastReading'), go),
      h('th', { scope: 'col' }, t('timeInRange'), h('small', {}, t('toLastReading'))),
      h('th', { scope: 'col', class: 'number' }, t('active'), h('small', {}, t('toLastReading'))),
      h('th', { scope: 'col' }, t('metrics')))),
    h('tbody', {}, rows)));
}

function pager(list, state, go) {
  if (list.total === 0) return null;
  const first = (list.page - 1) * 50 + 1;
  const step = (name, page, off) => h('button', { type: 'button', disabled: off, 'data-testid': `page-${name}`, onclick: () => go({ ...state, page }) }, t(name));
  return h('nav', { class: 'pager', 'aria-label': t('pageOf', list) },
    h('span', { class: 'muted' }, t('range', { from: number(first), to: number(first + list.subjects.length - 1), total: number(list.total) })),
    step('previous', list.page - 1, list.page <= 1), step('next', list.page + 1, list.page >= list.pages));
}

function empty(state) {
  const [title, hint] = state.q ? ['noMatch', 'noMatchHint'] : ['noSubjects', 'noSubjectsHint'];
  return h('div', { class: 'empty', 'data-testid': 'worklist-empty' }, h('h2', {}, t(title, { q: state.q })), h('p', { class: 'muted' }, t(hint)));
}

/**
 * The subjects of a center.
 *
 * @param state { sort, page, q }
 * @param go called with the state to show next
 * @param open called with the subject to show
 */
export async function worklistView(root, center, state, names, go, open) {
  const list = await api.worklist(center.code, { sort: state.sort, page: state.page, q: state.q });
  const q = h('input', { id: 'search', type: 'search', value: state.q, maxlength: 100, placeholder: t('search'), 'aria-label': t('search'), autocomplete: 'off', 'data-testid': 'worklist-search' });
  root.replaceChildren(
    h('div', { class: 'page-head' },
      h('h1', {}, t(center.site ? 'sites' : 'worklist'), ' ', h('span', { class: 'count' }, number(list.total))),
      h('form', { class: 'search', role: 'search', onsubmit: (event) => { event.preventDefault(); go({ ...state, q: q.value.trim(), page: 1 }); } },
        q, h('button', { type: 'submit' }, t('searchButton')),
        state.q ? h('button', { type: 'button', onclick: () => go({ ...state, q: '', page: 1 }) }, t('clear')) : null)),
    h('section', { class: 'card flush' },
      list.subjects.length ? table(list, state, center, names, go, open) : empty(state),
      pager(list, state, go)),
    h('p', { class: 'muted as-of', 'data-testid': 'as-of' }, t('asOf', { time: show(list.asOf, center.zone, 'full') })));
}
