// Who one can be.

import { avatar, byId, button, fullName, make } from './dom.js';
import { post } from './api.js';
import { state, person } from './state.js';
import { w } from './words.js';
import { summary } from './bubble.js';
import { personSheet } from './forms.js';

let load; // reads a person's chat, set by beginPeople

// become makes one that person; the address remembers it, so that each tab can be somebody else.
export async function become(id) {
  drawer(false);
  history.replaceState(null, '', `#${id}`);
  state.unread.delete(id);
  await load(id);
}

function drawer(open) {
  byId('side').classList.toggle('open', open);
  byId('shade').classList.toggle('open', open);
  byId('me').setAttribute('aria-expanded', String(open));
}

// newest is a person's last message: of the open chat as it is, of others as the server said last.
function newest(p) {
  if (p.id === state.me) p.last = state.screen.messages.at(-1);
  return p.last;
}

export function drawPeople() {
  const me = person(state.me);
  const face = byId('me');
  face.replaceChildren(avatar(state.me, me ? fullName(me) : ''));
  face.ariaLabel = face.title = w('people.me', { name: me ? fullName(me) : '' });
  document.title = me ? `${fullName(me)} · ${state.world.name}` : state.world.name;
  byId('people').replaceChildren(...state.world.people.map(line));
}

function line(p) {
  const last = newest(p);
  const unread = state.unread.get(p.id);
  const below = p.blocked ? w('blocked') : last ? summary(last) : w('empty');
  const mine = p.id === state.me;
  return make('div', { class: `person${mine ? ' chosen' : ''}` },
    make('button', { type: 'button', onclick: () => become(p.id), test: `person-${p.id}`, 'aria-current': mine ? 'true' : undefined },
      avatar(p.id, fullName(p)),
      make('span', { class: 'who' }, make('strong', {}, fullName(p)),
        p.role && make('small', {}, w(`role.${p.role}`)), make('small', {}, below)),
      unread && make('span', { class: 'unread', test: 'unread' }, String(unread))),
    mine && button(p.blocked ? '🔓' : '🚫', () => post('block', { person: p.id, on: !p.blocked }),
      { class: 'round', test: 'block', title: w(p.blocked ? 'people.unblock' : 'people.block'), ariaLabel: w(p.blocked ? 'people.unblock' : 'people.block') }));
}

export function beginPeople(read) {
  load = read;
  byId('me').addEventListener('click', () => drawer(!byId('side').classList.contains('open')));
  byId('shade').addEventListener('click', () => drawer(false));
  addEventListener('keydown', (e) => { if (e.key === 'Escape') drawer(false); });
  byId('new-person').addEventListener('click', () => personSheet(become));
  addEventListener('hashchange', () => {
    const id = Number(location.hash.slice(1));
    if (person(id) && id !== state.me) become(id);
  });
}
