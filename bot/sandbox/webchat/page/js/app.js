// The page begins here: it reads the world, shows one person's chat, and follows the server's events.

import { byId, toast } from './dom.js';
import { get, listen } from './api.js';
import { state, person, keep, drop } from './state.js';
import { begin, switchLanguage, w } from './words.js';
import { draw, drawAbout, drawDays, put, remove, beginLog } from './log.js';
import { drawComposer, beginComposer, newCommands, setAbout, replyTo } from './composer.js';
import { drawPeople, beginPeople } from './people.js';
import { drawClock, setNow, beginClock } from './clock.js';
import { drawTrouble, beginTrouble } from './trouble.js';
import { beginAttach } from './attach.js';
import { answer } from './press.js';

function drawAll(same) {
  byId('bot-name').textContent = state.world.name;
  drawPeople();
  draw(same);
  drawComposer();
  drawClock();
  drawTrouble();
  showState('');
}

// inTurn does one thing after the other: what comes while a chat is read is put into it afterwards, not lost.
let last = Promise.resolve();
const inTurn = (act) => (last = last.then(act).catch((err) => toast(w('failed', { what: err.message }))));

async function load(id) {
  const screen = await get(`chat?person=${id}`);
  const same = id === state.me;
  if (!same) setAbout(null);
  state.me = id;
  state.screen = screen;
  drawAll(same);
}

async function readWorld() {
  state.world = await get('world');
  state.read = performance.now();
}

// readPeople reads who there is and whom the bot may write to; the chat stays as it is.
async function readPeople() {
  await readWorld();
  drawPeople();
  drawComposer();
}

// readCommands reads the menu and what the bot says of itself; the chat stays as it is.
async function readCommands() {
  const { commands, about } = await get(`chat?person=${state.me}`);
  Object.assign(state.screen, { commands, about });
  drawAbout();
  newCommands();
}

// reload reads everything anew: at first, and after the connection was lost.
async function reload() {
  await readWorld();
  begin(state.world.lang);
  const wanted = Number(location.hash.slice(1));
  await load((person(wanted) ?? person(state.me) ?? state.world.people[0]).id);
}

const fade = 5000; // Telegram shows an action for so many milliseconds
let fading;

function showState(text) {
  clearTimeout(fading);
  byId('bot-state').textContent = text || `@${state.world.bot.username}`;
  if (text) fading = setTimeout(() => showState(''), fade);
}

function cameIn(e) {
  const other = person(e.chat);
  if (e.chat === state.me) {
    keep(e.message);
    put(e.message);
    state.screen.keyboard = e.keyboard ?? null;
    if (e.message.force_reply && e.kind === 'message') replyTo(e.message);
    drawComposer();
    if (e.message.from?.is_bot) showState('');
  } else if (other && e.kind === 'message') {
    other.last = e.message;
    if (e.message.from?.is_bot) state.unread.set(e.chat, (state.unread.get(e.chat) ?? 0) + 1);
  }
  drawPeople();
}

function wentAway(e) {
  if (e.chat !== state.me) return;
  drop(e.message.message_id);
  remove(e.message.message_id);
  state.screen.keyboard = e.keyboard ?? null;
  drawComposer();
  drawPeople();
}

const on = {
  hello: reload,
  people: readPeople,
  member: readPeople,
  commands: readCommands,
  message: cameIn,
  edited: cameIn,
  reaction: cameIn,
  pinned: cameIn,
  deleted: wentAway,
  toast: (e) => { if (e.person === state.me) answer(e); },
  action: (e) => { if (e.chat === state.me) showState(w(e.text === 'typing' ? 'state.typing' : 'state.file')); },
  clock: (e) => {
    setNow(e.now);
    drawDays();
  },
  refused: (e) => {
    state.world.refused = e.refused;
    drawTrouble();
  },
};

byId('lang').addEventListener('click', () => {
  switchLanguage();
  drawAll(true);
});
beginLog();
beginComposer();
beginPeople((id) => inTurn(() => load(id)));
beginClock();
beginTrouble();
beginAttach();
listen((e) => inTurn(() => on[e.kind]?.(e)), () => showState(w('state.lost')));
