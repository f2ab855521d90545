// The report on one sheet of paper, drawn beside the page and seen by the printer only.

import { agpDrawing } from './agp.js';
import { comparison, figureList, periodText, rangeBox, sufficiency } from './figures.js';
import { h } from './dom.js';
import { mealLegend, mealTable, modalDayDrawing } from './modalDay.js';
import { named, number, percent, t } from './messages.js';
import { show } from './time.js';
import { lastDays, thumbnail } from './thumbnails.js';

/** Width of a drawing on A4 between margins of 12 mm, in CSS pixels. */
const WIDTH = 700;

function days(what) {
  return h('ol', { class: 'thumbs', 'data-testid': 'print-thumbnails' }, lastDays(what.report.daily).map(({ date, day }) => h('li', {},
    h('span', { class: 'thumb-date' }, show(Date.parse(`${date}T12:00:00Z`), 'UTC', 'longDay')),
    thumbnail(day && what.traces.get(date), what.longest),
    h('span', { class: 'thumb-share' }, day ? `${percent(day.timeInRange.in70to180, 0)} ${t('inRangeShort')}` : t('noReadingsShort')))));
}

/**
 * The sheet.
 *
 * @param what { center, subject, metric, report, scale, spot, shown (whether figures are shown), traces, points, longest }
 */
export function printReport(what) {
  const { center, subject, metric, report, scale, spot } = what;
  return h('section', { class: 'print-report', 'data-testid': 'print-report' },
    h('header', {},
      h('h1', {}, `${t('printTitle')}: ${named(metric)}`),
      h('dl', { class: 'facts' }, [[t('center'), named(center)], [t('subject'), subject], [t('period'), periodText(report, center.zone)],
        [t('clock'), center.zone], [t('printReadings'), number(report.n)], [t('printed'), show(Date.now(), center.zone, 'full')],
      ].map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))))),
    sufficiency(report, spot, 'print-'),
    what.shown ? [
      figureList(report, scale, spot, 'print-'),
      comparison(report, center.zone, spot, 'print-'),
      rangeBox(report, scale, spot, 'print-'),
      h('h2', {}, t(spot ? 'modalDay' : 'agp')),
      spot ? [modalDayDrawing(report.modalDay, what.points, scale, WIDTH, 230), mealLegend(report.modalDay.meals.map((one) => one.meal)), mealTable(report.modalDay, scale, 'print-meal-table')]
        : agpDrawing(report, scale, WIDTH, 230).root,
    ] : null,
    spot ? null : [h('h2', {}, t('lastDays')), days(what)],
    h('footer', { class: 'muted' }, t('printFooter', { unit: scale.unit })));
}
