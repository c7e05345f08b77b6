// The clock of the sandbox, and moving it.

import { byId, button, make, toast } from './dom.js';
import { post } from './api.js';
import { state, now } from './state.js';
import { stamp, wall } from './time.js';
import { w } from './words.js';
import { openSheet, closeSheet, form, field } from './sheet.js';

export function setNow(ms) {
  state.world.now = ms;
  state.read = performance.now();
  drawClock();
}

export function drawClock() {
  const face = byId('clock');
  const text = `🕒 ${stamp(now())}`;
  if (face.textContent !== text) face.textContent = text;
}

async function move(body) {
  const out = await post('clock', body);
  if (!out) return false;
  closeSheet();
  setNow(out.now);
  toast(w('clock.moved', { now: stamp(out.now) }));
  return true;
}

const step = (words, body, test) => button(words, () => move(body), { test });

function openClock() {
  openSheet(w('clock.title'),
    make('p', { class: 'time', test: 'clock-now' }, stamp(now())),
    make('div', { class: 'steps' },
      step(w('clock.hour'), { by: '1h' }, 'clock-hour'),
      step(w('clock.morning'), { to: 'tomorrow' }, 'clock-morning'),
      step(w('clock.week'), { by: '168h' }, 'clock-week')),
    form(w('clock.set'), (v) => move({ to: v.to }),
      field('to', w('clock.to'), 'datetime-local', { value: wall(now()), min: wall(now()), required: true })),
    make('p', { class: 'hint' }, w('clock.zone', { zone: state.world.zone })));
}

const tick = 1000;

export function beginClock() {
  byId('clock').addEventListener('click', openClock);
  setInterval(drawClock, tick);
}
