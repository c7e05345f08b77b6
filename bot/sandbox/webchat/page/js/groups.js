// The groups of the person that one is, and their topics.

import { avatar, byId, make } from './dom.js';
import { state } from './state.js';
import { become } from './people.js';
import { summary } from './bubble.js';
import { w } from './words.js';

let drawn = ''; // what stands there, which stays while it is the same: a tap on it is not lost

export function drawGroups() {
  const mine = state.world.groups.filter((g) => g.members.includes(state.me));
  const is = JSON.stringify([w('groups.title'), state.me, state.chat, state.topic, mine, [...state.unread]]);
  if (is === drawn) return;
  drawn = is;
  byId('groups-title').hidden = mine.length === 0;
  byId('groups').replaceChildren(...mine.flatMap((g) => [whole(g), ...g.topics.map((t) => topic(g, t))]));
}

function whole(g) {
  const unread = state.unread.get(g.id);
  return line(g.id, 0, avatar(Math.abs(g.id), g.title),
    make('span', { class: 'who' }, make('strong', {}, g.title), make('small', {}, g.last ? summary(g.last) : w('empty'))),
    unread && make('span', { class: 'unread' }, unread));
}

const topic = (g, t) => line(g.id, t.id, make('span', { class: 'topic', 'aria-hidden': 'true' }, '#'), make('span', { class: 'who' }, t.name));

function line(chat, of, ...children) {
  const chosen = state.chat === chat && state.topic === of;
  return make('div', { class: `person${chosen ? ' chosen' : ''}` }, make('button', {
    type: 'button', onclick: () => become(state.me, chat, of), test: `group${of ? `-topic-${of}` : ''}`, 'aria-current': chosen && 'true',
  }, ...children));
}
