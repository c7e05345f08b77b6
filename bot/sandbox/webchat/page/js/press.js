// What happens when a button under a message is pressed, or a link followed.

import { post } from './api.js';
import { toast } from './dom.js';
import { state, acting } from './state.js';
import { w } from './words.js';
import { notice } from './sheet.js';
import { typeIn } from './composer.js';

const spinning = new Map(); // callback id → the button that waits for an answer
const answered = new Map(); // callback id → an answer that came before we knew the id

export async function press(m, b, el) {
  if (b.url) return follow(b.url);
  if (b.copy_text) return copy(b.copy_text.text);
  const query = b.switch_inline_query_current_chat ?? b.switch_inline_query;
  if (query !== undefined) return typeIn(`@${state.world.bot.username} ${query}`);
  if (!b.callback_data) return toast(w('button.unknown'));
  el.classList.add('busy');
  const out = await post('press', { ...acting(), message: m.message_id, data: b.callback_data });
  if (!out) return el.classList.remove('busy');
  const early = answered.get(out.callback);
  if (early) {
    answered.delete(out.callback);
    el.classList.remove('busy');
    return show(early);
  }
  spinning.set(out.callback, el);
}

// answer takes a toast event: the bot's answer to a press.
export function answer(e) {
  const el = spinning.get(e.callback);
  if (!el) {
    answered.set(e.callback, e.answer);
    return;
  }
  spinning.delete(e.callback);
  el.classList.remove('busy');
  show(e.answer);
}

function show(a) {
  if (a.url) follow(a.url);
  if (!a.text) return;
  if (a.alert) notice(a.text);
  else toast(a.text);
}

// startPayload is what a link to our bot starts it with, undefined for any other link.
export function startPayload(link) {
  if (!URL.canParse(link)) return undefined;
  const u = new URL(link);
  const name = state.world.bot.username.toLowerCase();
  if (u.protocol === 'tg:' && u.searchParams.get('domain')?.toLowerCase() === name) return u.searchParams.get('start') ?? '';
  if (!['t.me', 'telegram.me'].includes(u.hostname) || u.pathname.slice(1).toLowerCase() !== name) return undefined;
  return u.searchParams.get('start') ?? '';
}

// start opens our bot with a payload, as person.
export const start = (payload, person = state.me) =>
  post('say', { person, text: `/start ${payload}`.trim(), reply: 0 });

// follow opens a link as Telegram would.
export function follow(link) {
  const payload = startPayload(link);
  if (payload !== undefined) {
    start(payload);
  } else if (link.startsWith('tg:') || /^https?:\/\/(t|telegram)\.me\/\+?\w/.test(link)) {
    toast(w('link.telegram', { link }));
  } else if (/^https?:/.test(link)) {
    open(link, '_blank', 'noopener,noreferrer');
  } else {
    toast(w('button.unknown'));
  }
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(w('copied'));
  } catch {
    toast(w('copied.not', { text }));
  }
}
