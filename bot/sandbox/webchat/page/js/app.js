// The page begins here: it reads the world, shows one person's chat, and follows the server's events.

import { byId, toast } from './dom.js';
import { get, listen } from './api.js';
import { state, person, group, acting, shows, keep, drop } from './state.js';
import { begin, switchLanguage, w } from './words.js';
import { draw, drawAbout, drawDays, put, remove, beginLog } from './log.js';
import { drawComposer, beginComposer, newCommands, setAbout, replyTo } from './composer.js';
import { drawPeople, beginPeople, placeOf } from './people.js';
import { drawGroups } from './groups.js';
import { drawClock, setNow, beginClock } from './clock.js';
import { drawTrouble, beginTrouble } from './trouble.js';
import { beginAttach } from './attach.js';
import { answer } from './press.js';

function drawAll(same) {
  drawTitle();
  drawPeople();
  drawGroups();
  draw(same);
  drawComposer();
  drawClock();
  drawTrouble();
  showState('');
}

const topicName = () => group(state.chat)?.topics.find((t) => t.id === state.topic)?.name;

// drawTitle says whose chat it is: the bot's, a group's or a topic's.
function drawTitle() {
  byId('bot-name').textContent = topicName() ?? group(state.chat)?.title ?? state.world.name;
}

// inTurn does one thing after the other: what comes while a chat is read is put into it afterwards, not lost.
let last = Promise.resolve();
const inTurn = (act) => (last = last.then(act).catch((err) => toast(w('failed', { what: err.message }))));

const address = (at) => `chat?${new URLSearchParams(at)}`;

async function load(at) {
  const screen = await get(address(at));
  const same = at.person === state.me && at.chat === state.chat && at.topic === state.topic;
  if (!same) setAbout(null);
  Object.assign(state, { me: at.person, chat: at.chat, topic: at.topic, screen });
  drawAll(same);
}

async function readWorld() {
  state.world = await get('world');
  state.read = performance.now();
}

// readPeople reads who there is and whom the bot may write to; the chat stays as it is.
async function readPeople() {
  await readWorld();
  drawTitle();
  drawPeople();
  drawGroups();
  drawComposer();
}

// readCommands reads the menu and what the bot says of itself; the chat stays as it is.
async function readCommands() {
  const { commands, about } = await get(address(acting()));
  Object.assign(state.screen, { commands, about });
  drawAbout();
  newCommands();
}

// reload reads everything anew: at first, and after the connection was lost.
async function reload() {
  await readWorld();
  begin(state.world.lang);
  const wanted = placeOf(location.hash);
  if (wanted) return load(wanted);
  return load(person(state.me) ? acting() : { person: state.world.people[0].id, chat: 0, topic: 0 });
}

const fade = 5000; // Telegram shows an action for so many milliseconds
let fading;

function showState(text) {
  clearTimeout(fading);
  byId('bot-state').textContent = text || below();
  if (text) fading = setTimeout(() => showState(''), fade);
}

// below is what stands under the title: the group of a topic, who is in a group, the bot's name.
function below() {
  const g = group(state.chat);
  if (!g) return `@${state.world.bot.username}`;
  return topicName() ? g.title : g.members.map((id) => person(id)?.first_name).filter(Boolean).join(', ');
}

function cameIn(e) {
  const other = person(e.chat) ?? group(e.chat);
  if (e.message.forum_topic_created || e.message.migrate_to_chat_id) inTurn(readPeople);
  if (shows(e.chat, e.message)) {
    keep(e.message);
    put(e.message);
    state.screen.keyboard = e.keyboard ?? null;
    if (e.message.force_reply && e.kind === 'message') replyTo(e.message);
    drawComposer();
    if (e.message.from?.is_bot) showState('');
    if (state.chat && other) other.last = e.message;
  } else if (other && e.kind === 'message') {
    other.last = e.message;
    if (e.message.from?.is_bot) state.unread.set(e.chat, (state.unread.get(e.chat) ?? 0) + 1);
  }
  drawPeople();
  drawGroups();
}

function wentAway(e) {
  if (!shows(e.chat)) return;
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
  action: (e) => { if (shows(e.chat)) showState(w(e.text === 'typing' ? 'state.typing' : 'state.file')); },
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
beginPeople((at) => inTurn(() => load(at)));
beginClock();
beginTrouble();
beginAttach();
listen((e) => inTurn(() => on[e.kind]?.(e)), () => showState(w('state.lost')));
