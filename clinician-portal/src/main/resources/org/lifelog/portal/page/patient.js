// One subject: who it is, and a tab for each group of metrics, glucose first.

import * as api from './api.js';
import { h } from './dom.js';
import { number, t } from './messages.js';
import { qualitySection } from './quality.js';
import { ago, show } from './time.js';
import { tabsOf } from './views.js';

function header(center, summary) {
  const { devices, lastReading } = summary;
  const fact = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
  return h('div', { class: 'subject-head' },
    h('a', { class: 'back', href: `#/${center.code}`, 'data-testid': 'back' }, `← ${t(center.site ? 'sites' : 'back')}`),
    h('h1', { 'data-testid': 'subject' }, summary.subject),
    h('dl', { class: 'facts' },
      fact(t('lastReading'), lastReading ? [show(lastReading, center.zone, 'full'), h('span', { class: 'muted' }, ` ${ago(lastReading)}`)] : t('never')),
      fact(t('device'), devices.length ? devices.slice(0, 3).map((one) => one.device).join(', ') : t('noDevice'))),
    summary.clockWarnings.map((warning) => h('p', { class: 'notice warn', role: 'note', 'data-testid': 'clock-warning' },
      `⚠ ${t('clockWarning', { n: number(warning.n), reason: t(`reason.${warning.reason}`) })}`)));
}

function tabs(list, chosen, choose) {
  const buttons = list.map(({ id, name }) => h('button', {
    type: 'button', role: 'tab', id: `tab-${id}`, 'data-testid': `tab-${id}`, 'aria-controls': 'panel',
    'aria-selected': String(id === chosen), tabindex: id === chosen ? 0 : -1, onclick: () => choose(id),
  }, name()));
  return h('div', {
    class: 'tabs', role: 'tablist', 'aria-label': t('metrics'),
    onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus();
    },
  }, buttons);
}

/** Shows a subject; gives back what ends the view. */
export async function patientView(root, center, subject) {
  const summary = await api.summary(center.code, subject);
  const held = summary.metrics.filter((one) => one.lastReading);
  const place = h('div', {});
  let panel = null;
  const list = tabsOf(center, subject, held);
  const choose = (id, focus) => {
    panel?.close();
    panel = list.find((tab) => tab.id === id).open();
    place.replaceChildren(tabs(list, id, (next) => choose(next, true)), panel.root);
    if (focus) document.getElementById(`tab-${id}`)?.focus();
    panel.show();
  };
  root.append(header(center, summary), place, qualitySection(center, subject));
  if (held.length === 0) place.append(h('div', { class: 'card empty' }, h('h2', {}, t('noMetrics'))));
  // The plot takes its width from the page, so the first panel waits until the view is on it.
  root.addEventListener('shown', () => list.length && choose(list[0].id, false), { once: true });
  return () => panel?.close();
}
