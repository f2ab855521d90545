// The air of a place: each measure on one axis of time, over the grades of the catalogue, and how long each grade lasted.

import { GroupView } from './groupView.js';
import { has, named, percent, t } from './messages.js';
import { behind } from './strips.js';
import { dataTable } from './tables.js';
import { plainText, unitText } from './units.js';

export const AIR = ['pm2_5', 'pm10', 'co2', 'tvoc', 'noise', 'room_temp', 'humidity'];
/** What a body says that breathes this air, where the same subject holds it. */
const BODY = ['spo2', 'resp_rate', 'heart_rate', 'body_temp'];
const COLORS = { 2: ['--grade-1', '--grade-4'], 4: ['--grade-1', '--grade-2', '--grade-3', '--grade-4'] };
const FAR = 1e9;

/** The grades of a metric, lowest first: name, limits, colour. */
function grades({ bands }) {
  const n = bands.length + 1;
  return Array.from({ length: n }, (none, i) => ({
    name: has(`grade.${n}.${i}`) ? t(`grade.${n}.${i}`) : t('gradeNumber', { n: i + 1 }),
    from: i === 0 ? -FAR : bands[i - 1].value, to: i === n - 1 ? FAR : bands[i].value,
    color: COLORS[n]?.[i] ?? '--grade-2',
  }));
}

/** The bands of what a body says are no grades of the air: a high saturation is not bad. */
const isGraded = ({ code, bands }) => AIR.includes(code) && bands.length > 0;

/** The grade of a value: an edge belongs to the upper one only where the catalogue says so. */
const gradeOf = (value, { bands }) => bands.filter((edge) => value > edge.value || (edge.inUpper && value === edge.value)).length;

export class AirView extends GroupView {
  constructor(tab) {
    super(tab, [...AIR, ...BODY].map((code) => ({ codes: [code] })), { preset: 'days7', presets: ['days1', 'days7', 'days14', 'days30', 'all'], windows: true });
  }

  extra(parts) {
    const { metric } = parts[0];
    return isGraded(metric) ? { grades: grades(metric), legend: [behind.band()] } : super.extra(parts);
  }

  tables(parts) {
    const graded = parts.filter((part) => isGraded(part.metric) && part.points.length);
    if (graded.length === 0) return [];
    const window = t(graded[0].resolution);
    const rows = graded.flatMap((part) => grades(part.metric).map((grade, i) => {
      const n = part.points.filter((point) => gradeOf(part.value(point), part.metric) === i).length;
      const unit = unitText(part.metric.unit);
      const [below, above] = part.metric.bands[0].inUpper ? ['<', '≥'] : ['≤', '>'];
      const limits = grade.from === -FAR ? `${below} ${plainText(grade.to)}` : grade.to === FAR ? `${above} ${plainText(grade.from)}` : `${plainText(grade.from)}–${plainText(grade.to)}`;
      return [named(part.metric), grade.name, `${limits} ${unit}`, percent((100 * n) / part.points.length, 1)];
    }));
    const caption = t('gradeCaption', { window });
    const table = dataTable(caption, [t('metric'), t('gradeHead'), t('limitsHead'), t('shareHead')], rows, 'grade-table');
    table.open = true;
    table.querySelector('summary').textContent = caption;
    return [table];
  }
}
