// Heart rate and saturation: the mean of each hour or day, and from the lowest to the highest value of it.

import { figuresOf, GroupView } from './groupView.js';
import { number, percent, t } from './messages.js';
import { figureList } from './tables.js';
import { show } from './time.js';
import { plainText } from './units.js';

/** Below this a saturation is low, as in the bands of the catalogue. */
const LOW_SATURATION = 90;

export class HeartView extends GroupView {
  constructor(tab) {
    super(tab, [
      { codes: ['heart_rate', 'hr_resting'], height: 220 }, { codes: ['spo2'], height: 160 }, { codes: ['resp_rate'] }, { codes: ['hrv_sdnn'] },
    ], { preset: 'days7', presets: ['days1', 'days7', 'days14', 'days30', 'days90', 'all'], windows: true });
  }

  extra(parts) {
    const extra = super.extra(parts);
    // The line is where the usual range ends, so the range is not shown once more.
    return parts[0].metric.code === 'spo2' ? { ...extra, usual: null, legend: extra.legend?.slice(0, 1), lines: [{ value: LOW_SATURATION, name: `${LOW_SATURATION} %` }] } : extra;
  }

  figures(parts) {
    const of = (code) => parts.find((part) => part.metric.code === code && part.points.length);
    const heart = of('heart_rate');
    const resting = of('hr_resting');
    const oxygen = of('spo2');
    const list = [];
    const lowestAt = (all) => t('lowestAt', { time: show(all.lowest[0], this.zone, 'moment') });
    if (heart) {
      const all = figuresOf(heart);
      list.push(['heart-mean', t('heartMean'), number(all.mean, 0), '/min', t('rangeHint', { min: plainText(all.low), max: plainText(all.high) })]);
      list.push(['heart-lowest', t('heartLowest'), number(all.low, 0), '/min', lowestAt(all)]);
    }
    if (resting) {
      const all = figuresOf(resting);
      list.push(['resting', t('restingMean'), number(all.mean, 0), '/min', t('rangeHint', { min: plainText(all.low), max: plainText(all.high) })]);
    }
    if (oxygen) {
      const all = figuresOf(oxygen);
      const low = oxygen.points.filter((point) => oxygen.low(point) < LOW_SATURATION).length;
      list.push(['oxygen-mean', t('oxygenMean'), number(all.mean, 1), '%', null]);
      list.push(['oxygen-lowest', t('oxygenLowest'), plainText(all.low), '%', `${lowestAt(all)} · ${t('oxygenLow', { share: percent((100 * low) / oxygen.points.length, 0), window: t(oxygen.resolution) })}`]);
    }
    return list.length ? [figureList(list)] : [];
  }
}
