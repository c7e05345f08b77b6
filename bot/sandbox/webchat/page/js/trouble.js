// The line that says when the bot did something that Telegram would refuse.

import { byId, make } from './dom.js';
import { state } from './state.js';
import { clock } from './time.js';
import { w } from './words.js';
import { openSheet } from './sheet.js';

export function drawTrouble() {
  const { count, unanswered, last } = state.world.refused;
  const line = byId('trouble');
  line.textContent = '';
  if (count) line.textContent = w('trouble.refused', { n: count, what: `${last[0].method} — ${last[0].status} ${last[0].what}` });
  else if (unanswered) line.textContent = w('trouble.unanswered', { n: unanswered });
  line.hidden = !line.textContent;
}

function openTrouble() {
  const { unanswered, last } = state.world.refused;
  openSheet(w('trouble.title'),
    unanswered ? make('p', {}, w('trouble.unanswered', { n: unanswered })) : '',
    make('ol', { class: 'refusals', test: 'refusals' }, ...last.map((r) =>
      make('li', {}, make('b', {}, r.method), ` · ${r.chat} · ${clock(r.at)}`, make('br'), `${r.status} ${r.what}`))),
    make('p', { class: 'hint' }, w('trouble.how')));
}

export function beginTrouble() {
  byId('trouble').addEventListener('click', openTrouble);
}
