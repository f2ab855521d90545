// What a picture shows, once more as a table and as figures: for those who do not see it, and for exact values.

import { h } from './dom.js';
import { t } from './messages.js';

/** A table behind a switch. `rows` are lists of texts whose first names the row. */
export function dataTable(caption, heads, rows, testId = 'table') {
  return h('details', { class: 'as-table', 'data-testid': testId },
    h('summary', {}, t('asTable', { n: rows.length })),
    // The box can be scrolled, so it can be reached by keys.
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
      h('table', { class: 'data' },
        h('caption', { class: 'hidden-visually' }, caption),
        h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))),
        h('tbody', {}, rows.map(([first, ...rest]) => h('tr', {}, h('th', { scope: 'row' }, first), rest.map((cell) => h('td', {}, cell))))))));
}

/** Figures with a name, a value, a unit and what there is to know; `list` of [id, name, value, unit, hint]. */
export function figureList(list) {
  return h('dl', { class: 'figures wide' }, list.filter(Boolean).map(([id, name, value, unit, hint]) =>
    h('div', { class: 'figure', id: `figure-${id}` },
      h('dt', {}, name),
      h('dd', {}, h('span', { class: 'value', 'data-testid': `figure-${id}-value` }, value), unit ? h('span', { class: 'unit' }, unit) : null),
      hint ? h('dd', { class: 'hint' }, hint) : null)));
}
