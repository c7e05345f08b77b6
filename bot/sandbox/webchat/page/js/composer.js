// The field at the bottom: writing, replying, editing, the bot's reply keyboard.

import { byId, make } from './dom.js';
import { post } from './api.js';
import { state, person, acting } from './state.js';
import { w } from './words.js';
import { summary } from './bubble.js';
import { suggest, steer } from './suggest.js';
import { contactSheet, usersSheet } from './forms.js';

const text = byId('text');
let about = null; // {message, edit}: what the next text is a reply to, or changes

const tallest = 160; // pixels

function grow() {
  text.style.height = 'auto';
  text.style.height = `${Math.min(text.scrollHeight, tallest)}px`;
}

function changed() {
  grow();
  suggest(text.value);
}

// newCommands offers anew what fits, when the command menu has changed.
export function newCommands() {
  if (text.value.startsWith('/')) suggest(text.value);
}

// typeIn puts words into the field, to go on from there.
export function typeIn(words) {
  text.value = words;
  text.focus();
  changed();
}

export function replyTo(m) {
  setAbout({ message: m, edit: false });
  text.focus();
}

export function editing(m) {
  setAbout({ message: m, edit: true });
  typeIn(m.text || m.caption || '');
}

// replying is the id of the message that is replied to, 0 for none.
export const replying = () => (about && !about.edit ? about.message.message_id : 0);

export function setAbout(to) {
  about = to;
  const bar = byId('about');
  bar.hidden = !to;
  if (to) bar.firstElementChild.textContent = `${to.edit ? w('about.edit') : w('menu.reply')}: ${summary(to.message)}`;
}

async function submit() {
  const words = text.value;
  if (!words.trim()) return;
  const body = { ...acting(), text: words };
  const to = about;
  text.value = '';
  setAbout(null);
  changed();
  const done = to?.edit
    ? await post('edit', { ...body, message: to.message.message_id })
    : await post('say', { ...body, reply: to?.message.message_id ?? 0 });
  if (!done && !text.value) {
    text.value = words; // nothing typed is lost
    changed();
  }
}

// drawComposer shows what stands at the bottom: the field, or the button that begins.
export function drawComposer() {
  const blocked = person(state.me)?.blocked;
  const begin = byId('begin');
  begin.hidden = Boolean(state.chat) || !blocked && state.screen.messages.length > 0;
  begin.textContent = w(blocked ? 'people.unblock' : 'begin');
  byId('composer').hidden = !begin.hidden;
  drawKeyboard();
}

let drawn = ''; // the rows that stand there, which stay while they are the same: a tap on them is not lost

function drawKeyboard() {
  const k = state.screen.keyboard;
  const box = byId('keyboard');
  const rows = k?.keyboard ?? [];
  text.placeholder = k?.input_field_placeholder || w('text.hint');
  if (drawn === JSON.stringify(rows)) return;
  drawn = JSON.stringify(rows);
  box.hidden = rows.length === 0;
  box.replaceChildren(...rows.map((row) => make('div', { class: 'row' }, ...row.map((b) =>
    make('button', { type: 'button', class: 'reply-key', test: 'reply-key', onclick: () => use(b) }, b.text)))));
}

function use(b) {
  if (b.request_contact) return contactSheet({ own: true });
  if (b.request_users) return usersSheet(b.request_users);
  if (b.request_location) return post('place', acting());
  return post('say', { ...acting(), text: b.text, reply: 0 });
}

export function beginComposer() {
  const touch = matchMedia('(pointer: coarse)').matches;
  byId('composer').addEventListener('submit', (e) => { e.preventDefault(); submit(); });
  byId('about-close').addEventListener('click', () => setAbout(null));
  byId('begin').addEventListener('click', () => {
    if (person(state.me)?.blocked) post('block', { person: state.me, on: false });
    else post('say', { person: state.me, text: '/start', reply: 0 });
  });
  byId('menu').addEventListener('click', () => {
    if (text.value === '/') text.value = '';
    else text.value = '/';
    text.focus();
    changed();
  });
  text.addEventListener('input', changed);
  text.addEventListener('keydown', (e) => {
    if (e.isComposing || steer(e)) return;
    if (e.key === 'Escape' && about) setAbout(null);
    if (e.key === 'ArrowUp' && !text.value) editLast(e);
    if (e.key === 'Enter' && !e.shiftKey && !touch) {
      e.preventDefault();
      submit();
    }
  });
}

// editLast takes the last text that one wrote for editing, as in Telegram's apps for a desk.
function editLast(e) {
  const last = state.screen.messages.findLast((m) => m.from?.id === state.me && m.text);
  if (!last) return;
  e.preventDefault();
  editing(last);
}
