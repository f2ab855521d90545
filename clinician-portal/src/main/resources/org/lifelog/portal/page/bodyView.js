// Weight and what the body is made of, on one plot: masses on the left axis, shares and the index on the right one.

import { GroupView } from './groupView.js';

export class BodyView extends GroupView {
  constructor(tab) {
    super(tab, [{ codes: ['weight', 'muscle_mass'], right: ['bmi', 'body_fat_pct'], height: 320 }], { preset: 'days90' });
  }
}
