// Which tabs a subject has: one for what belongs together, and one for every other metric.

import { AIR, AirView } from './airView.js';
import { AudiogramView } from './audiogramView.js';
import { BodyView } from './bodyView.js';
import { GroupView } from './groupView.js';
import { HeartView } from './heartView.js';
import { named, t } from './messages.js';
import { OverviewView } from './overviewView.js';
import { MetricPanel } from './panel.js';
import { PressureView } from './pressureView.js';
import { SleepView } from './sleepView.js';

const together = (options, ...rows) => (tab) => new GroupView(tab, rows.map((codes) => ({ codes, height: 220 })), options);

/** `least` metrics must be held for a tab of their own; of fewer each has its own. */
const GROUPS = [
  { id: 'blood_pressure', codes: ['bp_systolic', 'bp_diastolic'], least: 2, open: (tab) => new PressureView(tab) },
  { id: 'heart', codes: ['heart_rate', 'hr_resting', 'spo2', 'resp_rate', 'hrv_sdnn'], least: 1, open: (tab) => new HeartView(tab) },
  { id: 'sleep_night', codes: ['sleep', 'sleep_night', 'sleep_nap'], needs: 'sleep_night', least: 1, open: (tab) => new SleepView(tab) },
  { id: 'body', codes: ['weight', 'bmi', 'body_fat_pct', 'muscle_mass'], least: 2, open: (tab) => new BodyView(tab) },
  { id: 'girths', codes: ['waist', 'hip', 'girth'], least: 2, open: together({ preset: 'days90' }, ['waist', 'hip'], ['girth']) },
  { id: 'activity', codes: ['steps', 'distance', 'energy_active', 'exercise'], least: 2, open: together({ preset: 'days14' }, ['steps'], ['distance'], ['energy_active'], ['exercise']) },
  { id: 'lipids', codes: ['cholesterol_total', 'cholesterol_ldl', 'cholesterol_hdl', 'triglycerides'], least: 2,
    open: together({ preset: 'all' }, ['cholesterol_total', 'cholesterol_ldl', 'cholesterol_hdl', 'triglycerides']) },
  { id: 'audiogram', codes: ['audiogram'], least: 1, open: (tab) => new AudiogramView(tab) },
  { id: 'air', codes: AIR, least: 2, open: (tab) => new AirView(tab) },
];

/** The tabs of a subject, in the order of the catalogue, as a list of { id, name(), open() }; the first one is shown. */
export function tabsOf(center, subject, held) {
  const byCode = new Map(held.map((one) => [one.metric.code, one]));
  const groupOf = (code) => GROUPS.find((group) => group.codes.includes(code) && group.codes.filter((one) => byCode.has(one)).length >= group.least && (!group.needs || byCode.has(group.needs)));
  const tabs = [];
  const add = (id, name, open) => { if (!tabs.some((tab) => tab.id === id)) tabs.push({ id, name, open: () => open({ id, name, center, subject, held }) }); };
  held.filter((one) => one.metric.glucoseReport).forEach((one) => add(one.metric.code, () => named(one.metric), () => new MetricPanel(center, subject, one)));
  if (held.length > 1) add('overview', () => t('tab.overview'), (tab) => new OverviewView(tab));
  held.forEach((one) => {
    const group = groupOf(one.metric.code);
    if (group) add(group.id, () => t(`tab.${group.id}`), (tab) => group.open({ ...tab, held: group.id === 'air' ? held : group.codes.filter((code) => byCode.has(code)).map((code) => byCode.get(code)) }));
    else add(one.metric.code, () => named(one.metric), () => new MetricPanel(center, subject, one));
  });
  return tabs;
}
