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
  for (const p of state.world.people) fill(lineOf(p), p);
}

const lines = new Map(); // person → the line, which stays while what it says changes: a tap on it is not lost

function lineOf(p) {
  if (lines.has(p.id)) return lines.get(p.id);
  const line = {
    name: make('strong'), role: make('small'), below: make('small'),
    unread: make('span', { class: 'unread', test: 'unread' }),
    block: button('', () => post('block', { person: p.id, on: !person(p.id).blocked }), { class: 'round', test: 'block' }),
  };
  line.choose = make('button', { type: 'button', onclick: () => become(p.id), test: `person-${p.id}` },
    avatar(p.id, fullName(p)), make('span', { class: 'who' }, line.name, line.role, line.below));
  line.all = make('div', { class: 'person' }, line.choose);
  byId('people').append(line.all);
  lines.set(p.id, line);
  return line;
}

function fill(line, p) {
  const last = newest(p);
  const mine = p.id === state.me;
  const unread = state.unread.get(p.id);
  line.name.textContent = fullName(p);
  line.role.textContent = p.role ? w(`role.${p.role}`) : '';
  line.below.textContent = p.blocked ? w('blocked') : last ? summary(last) : w('empty');
  line.unread.textContent = unread ?? '';
  line.block.textContent = p.blocked ? '🔓' : '🚫';
  line.block.ariaLabel = line.block.title = w(p.blocked ? 'people.unblock' : 'people.block');
  line.all.classList.toggle('chosen', mine);
  line.choose.ariaCurrent = mine ? 'true' : null;
  here(line.unread, line.choose, unread);
  here(line.block, line.all, mine);
}

// here has an element stand at the end of another, or not.
function here(el, within, wanted) {
  if (wanted && !el.isConnected) within.append(el);
  if (!wanted) el.remove();
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
