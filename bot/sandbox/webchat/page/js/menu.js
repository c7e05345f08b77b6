// What one can do with a message.

import { fullName } from './dom.js';
import { state } from './state.js';
import { w } from './words.js';
import { openSheet, list } from './sheet.js';
import { copy, start, startPayload } from './press.js';
import { replyTo, editing } from './composer.js';
import { forwardSheet } from './forms.js';
import { become } from './people.js';

// links are the addresses in a message and under it.
function links(m) {
  const text = m.text || m.caption || '';
  const inText = (m.entities ?? m.caption_entities ?? [])
    .map((e) => (e.type === 'text_link' ? e.url : e.type === 'url' ? text.slice(e.offset, e.offset + e.length) : undefined));
  const inKeys = (m.reply_markup?.inline_keyboard ?? []).flat().flatMap((b) => [b.url, b.copy_text?.text]);
  return [...inText, ...inKeys].filter(Boolean);
}

export function openMenu(m) {
  const mine = m.from?.id === state.me;
  const words = m.text || m.caption;
  const payload = links(m).map(startPayload).find(Boolean);
  const others = state.world.people.filter((p) => p.id !== state.me);
  openSheet(w('menu.title'), list(
    [w('menu.reply'), () => replyTo(m), 'menu-reply'],
    mine && words && !m.forward_origin && !m.via_bot && [w('menu.edit'), () => editing(m), 'menu-edit'],
    words && [w('menu.copy'), () => copy(words), 'menu-copy'],
    mine && words && [w('menu.pass'), () => pass(m, words), 'menu-pass'],
    ...(payload ? others.map((p) => [w('menu.as', { name: fullName(p) }), async () => {
      await become(p.id);
      start(payload, p.id);
    }, 'menu-as']) : [])));
}

// pass lets somebody else forward one's message to the bot.
function pass(m, words) {
  const as = state.world.people.find((p) => p.id !== state.me);
  if (!as) return;
  forwardSheet({ from: state.me, text: words, as: as.id });
  become(as.id);
}
