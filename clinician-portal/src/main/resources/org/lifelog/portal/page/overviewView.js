// All metrics that are held of a subject, as small plots on one axis of time.

import { GroupView } from './groupView.js';

function layout(held) {
  const codes = new Set(held.map((one) => one.metric.code));
  return [...codes]
    // Pressures share a plot; nights are made of stages and say more at this scale.
    .filter((code) => !(code === 'bp_diastolic' && codes.has('bp_systolic')) && !(code === 'sleep' && codes.has('sleep_night')))
    .map((code) => ({ codes: code === 'bp_systolic' ? ['bp_systolic', 'bp_diastolic'] : [code] }));
}

export class OverviewView extends GroupView {
  constructor(tab) {
    super(tab, layout(tab.held), { preset: 'days14', presets: ['days1', 'days7', 'days14', 'days30', 'days90', 'all'], height: 74 });
  }
}
