// The messages of the chat.

import { byId, make } from './dom.js';
import { bring } from './entities.js';
import { state, acting } from './state.js';
import { day, dayName } from './time.js';
import { bubble } from './bubble.js';
import { follow } from './press.js';
import { post } from './api.js';
import { w } from './words.js';

const log = byId('log');
const down = byId('down');
const near = 80; // pixels from the end that still count as being there

const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < near;
const toEnd = () => { log.scrollTop = log.scrollHeight; };

// draw shows the whole chat anew; if it is the same chat, who reads further up stays there.
export function draw(same) {
  const top = same && !atEnd() ? log.scrollTop : null;
  log.replaceChildren();
  for (const m of state.screen.messages) append(m);
  drawAbout();
  if (top === null) toEnd();
  else log.scrollTop = top;
}

// drawAbout shows what the bot says of itself, or nothing once there are messages.
export function drawAbout() {
  byId('intro')?.remove();
  if (state.screen.messages.length) return;
  log.append(make('div', { class: 'intro', id: 'intro' }, make('b', {}, state.world.name ?? ''),
    make('p', {}, state.screen.about || w('empty'))));
}

// drawDays names the days anew: today is yesterday once the clock was moved.
export function drawDays() {
  for (const el of log.querySelectorAll('.day')) el.textContent = dayName(Number(el.dataset.at));
}

function append(m) {
  const before = log.lastElementChild?.dataset.day;
  const is = day(m.date * 1000);
  if (before !== is) log.append(make('div', { class: 'day', 'data-day': is, 'data-at': m.date * 1000 }, dayName(m.date * 1000)));
  const el = bubble(m);
  el.dataset.day = is;
  log.append(el);
  bring(el);
}

// put shows one message that is new or changed.
export function put(m) {
  byId('intro')?.remove();
  const end = atEnd();
  const old = byId(`m${m.message_id}`);
  if (old) {
    const el = bubble(m);
    el.dataset.day = old.dataset.day;
    const focused = focusedKey(old);
    old.replaceWith(el);
    bring(el);
    if (focused >= 0) el.querySelectorAll('.key')[focused]?.focus({ preventScroll: true });
  } else {
    append(m);
  }
  if (end || m.from?.id === state.me) toEnd();
}

// focusedKey is which of a message's buttons has the focus, so that it can keep it when the message changes.
const focusedKey = (el) => [...el.querySelectorAll('.key')].indexOf(document.activeElement);

export function remove(id) {
  byId(`m${id}`)?.remove();
  for (const el of log.querySelectorAll('.day')) {
    if (!el.nextElementSibling || el.nextElementSibling.classList.contains('day')) el.remove();
  }
  drawAbout();
}

export function beginLog() {
  log.addEventListener('scroll', () => { down.hidden = atEnd(); });
  down.addEventListener('click', toEnd);
  new ResizeObserver(() => { if (down.hidden) toEnd(); }).observe(log);
  log.addEventListener('click', (e) => {
    const a = e.target.closest('.text a');
    if (!a) return;
    if (a.classList.contains('command')) {
      e.preventDefault();
      post('say', { ...acting(), text: a.textContent, reply: 0 });
    } else if (a.protocol === 'tg:' || ['t.me', 'telegram.me'].includes(a.hostname)) {
      e.preventDefault();
      follow(a.href);
    }
  });
}
