// Readings as lines over the time of day.

import { DAY, MINUTE, show } from './time.js';

/** A step so many times the typical one is a gap, over which no line is drawn. */
const GAP = 3;

/** The longest step between two readings that is no gap, in milliseconds. */
export function longestStep(points) {
  const steps = Float64Array.from(points.slice(1), (point, i) => point[0] - points[i][0]).sort();
  return steps.length ? GAP * steps[Math.floor((steps.length - 1) / 2)] : Infinity;
}

/** Minute of the local day; on the days on which the clock is moved, what the clock shows. */
function minuteOf(time, day, zone) {
  const from = Date.parse(day.from);
  if (Date.parse(day.to) - from === DAY) return (time - from) / MINUTE;
  const [hours, minutes] = show(time, zone, 'clock').split(':').map(Number);
  return hours * 60 + minutes;
}

/** The readings of each day: { day, points: [[minute, value, millis]] }, by the day's date. Both come in their order. */
export function dayTraces(points, days, zone) {
  const traces = new Map();
  let i = 0;
  days.forEach((day) => {
    const from = Date.parse(day.from);
    const to = Date.parse(day.to);
    while (i < points.length && points[i][0] < from) i++;
    const own = [];
    for (; i < points.length && points[i][0] < to; i++) own.push([minuteOf(points[i][0], day, zone), points[i][1], points[i][0]]);
    traces.set(day.date, { day, points: own });
  });
  return traces;
}

/** The path of a line through points that are [x, value], broken at gaps. */
export function linePath(points, x, y, longest) {
  return points.map((point, i) => {
    const start = i === 0 || point[0] - points[i - 1][0] > longest || point[0] < points[i - 1][0];
    return `${start ? 'M' : 'L'}${x(point[0]).toFixed(1)} ${y(point[1]).toFixed(1)}${start ? 'h0' : ''}`;
  }).join('');
}

/** Maps a domain to pixels; what lies outside is drawn at the edge. */
export const linear = (from, to, start, end) => (value) =>
  start + ((Math.min(Math.max(value, Math.min(from, to)), Math.max(from, to)) - from) / (to - from)) * (end - start);
