// Who one can be.

import { avatar, byId, button, fullName, make } from './dom.js';
import { post } from './api.js';
import { state, person, group } from './state.js';
import { w } from './words.js';
import { summary } from './bubble.js';
import { personSheet } from './forms.js';

let load; // reads a chat, set by beginPeople

// become makes one that person, in private or in a group; the address remembers it, so that each tab can be somebody
// else.
export async function become(person, chat = 0, topic = 0) {
  drawer(false);
  history.replaceState(null, '', `#${[person, chat, topic].filter(Boolean).join('/')}`);
  state.unread.delete(chat || person);
  await load({ person, chat, topic });
}

// placeOf is what an address remembers, nothing if there is no such place any more.
export function placeOf(hash) {
  const [id, chat = 0, topic = 0] = hash.slice(1).split('/').map(Number);
  if (!person(id)) return undefined;
  const there = group(chat)?.members.includes(id);
  if (!there) return { person: id, chat: 0, topic: 0 };
  return { person: id, chat, topic: group(chat).topics.some((t) => t.id === topic) ? topic : 0 };
}

function drawer(open) {
  byId('side').classList.toggle('open', open);
  byId('shade').classList.toggle('open', open);
  byId('me').setAttribute('aria-expanded', String(open));
}

// newest is a person's last message: of the open chat as it is, of others as the server said last.
function newest(p) {
  if (p.id === state.me && !state.chat) p.last = state.screen.messages.at(-1);
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
    const at = placeOf(location.hash);
    if (at) become(at.person, at.chat, at.topic);
  });
}
