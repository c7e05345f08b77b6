// One message as it stands in the chat.

import { make, button, fullName } from './dom.js';
import { render } from './entities.js';
import { state } from './state.js';
import { clock } from './time.js';
import { w } from './words.js';
import { press } from './press.js';
import { openMenu } from './menu.js';

export const fromMe = (m) => m.from?.id === state.me;

const fileAddress = (media) => `/api/file?id=${encodeURIComponent(media.file_id)}`;

// summary is a message in one line, for quotes and the list of people.
export function summary(m) {
  const text = m.text || m.caption;
  if (text) return text.replace(/\s+/g, ' ');
  if (m.contact) return `${w('contact')}: ${[m.contact.first_name, m.contact.last_name].filter(Boolean).join(' ')}`;
  if (m.photo?.length) return w('photo');
  if (m.voice) return w('voice');
  if (m.sticker) return `${m.sticker.emoji ?? ''} ${w('sticker')}`;
  if (m.location) return w('place');
  if (m.users_shared) return shared(m);
  if (m.forum_topic_created) return w('topic.new', { name: m.forum_topic_created.name });
  if (m.new_chat_members) return w('group.came', { names: m.new_chat_members.map(fullName).join(', ') });
  if (m.left_chat_member) return w('group.left', { names: fullName(m.left_chat_member) });
  if (m.migrate_to_chat_id || m.migrate_from_chat_id) return w('group.super');
  return (m.document ?? m.video ?? m.audio)?.file_name || w('file');
}

const shared = (m) =>
  w('shared', { names: m.users_shared.users.map((u) => fullName(u) || u.user_id).join(', ') });

// originName is who wrote a forwarded message.
export function originName(o) {
  if (o.sender_user) return fullName(o.sender_user);
  return o.sender_user_name || o.chat?.title || o.sender_chat?.title || '';
}

// service says whether the message is Telegram's own, of what happened in a group.
const service = (m) => m.forum_topic_created || m.new_chat_members || m.left_chat_member || m.migrate_to_chat_id || m.migrate_from_chat_id;

export function bubble(m) {
  if (service(m)) return make('div', { class: 'service', id: `m${m.message_id}` }, summary(m));
  const mine = fromMe(m);
  return make('article', {
    class: `message ${mine ? 'out' : 'in'}`, id: `m${m.message_id}`, test: mine ? 'mine' : 'theirs', 'data-id': m.message_id,
  }, body(m), keys(m));
}

function body(m) {
  const el = make('div', { class: 'bubble' },
    state.chat !== 0 && !fromMe(m) && make('div', { class: 'author' }, fullName(m.from ?? {})),
    m.forward_origin && make('div', { class: 'origin' }, w('forwarded', { name: originName(m.forward_origin) })),
    m.via_bot && make('div', { class: 'origin' }, w('via', { name: m.via_bot.username })),
    m.reply_to_message && !m.reply_to_message.forum_topic_created && quoted(m.reply_to_message),
    ...attached(m),
    text(m),
    m.reaction && make('span', { class: 'reaction' }, m.reaction),
    meta(m));
  el.addEventListener('contextmenu', (e) => {
    if (e.target.closest('a') || String(getSelection())) return;
    e.preventDefault();
    openMenu(m);
  });
  el.append(button('⋮', () => openMenu(m), { class: 'more', ariaLabel: w('menu.label'), test: 'more' }));
  return el;
}

function text(m) {
  const words = m.text || m.caption;
  if (!words) return null;
  return make('div', { class: 'text', test: 'words', dir: 'auto' },
    render(words, m.text ? m.entities : m.caption_entities));
}

function meta(m) {
  return make('span', { class: 'meta' },
    m.pinned && make('span', { title: w('pinned') }, '📌 '),
    m.edit_date && `${w('edited')} `,
    make('time', { dateTime: new Date(m.date * 1000).toISOString() }, clock(m.date * 1000)));
}

function quoted(m) {
  const jump = () => document.getElementById(`m${m.message_id}`)?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  const name = fromMe(m) ? w('you') : fullName(m.from ?? {});
  return make('button', { type: 'button', class: 'quoted', onclick: jump }, make('b', {}, name), make('span', {}, summary(m)));
}

function attached(m) {
  const out = [];
  if (m.photo?.length) {
    const big = m.photo[m.photo.length - 1];
    out.push(make('img', { class: 'photo', src: fileAddress(big), alt: w('photo'), width: big.width, height: big.height }));
  }
  if (m.sticker) out.push(make('span', { class: 'sticker' }, m.sticker.emoji || '🙂'));
  if (m.voice) out.push(line('🎤', w('voice'), size(m.voice)));
  const file = m.document ?? m.video ?? m.audio;
  if (file) {
    const name = make('a', { href: fileAddress(file), download: file.file_name || 'file' }, file.file_name || w('file'));
    out.push(line('📄', name, size(file)));
  }
  if (m.contact) out.push(contact(m.contact));
  if (m.location) out.push(line('📍', w('place'), `${m.location.latitude.toFixed(4)}, ${m.location.longitude.toFixed(4)}`));
  if (m.users_shared) out.push(line('👥', shared(m), ''));
  return out;
}

const kilobyte = 1024;

const size = (media) => w('size', { n: Math.max(Math.round((media.file_size ?? 0) / kilobyte), 1) });

const line = (icon, first, second) =>
  make('div', { class: 'attached' }, make('span', { class: 'icon', 'aria-hidden': 'true' }, icon),
    make('span', {}, make('b', {}, first), make('small', {}, second)));

function contact(c) {
  const name = [c.first_name, c.last_name].filter(Boolean).join(' ') || c.phone_number;
  const el = line('👤', name, c.phone_number);
  if (!c.vcard) return el;
  return make('div', {}, el, make('details', {}, make('summary', {}, 'vCard'), make('pre', {}, c.vcard)));
}

function keys(m) {
  const rows = m.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  return make('div', { class: 'keys', test: 'keys' }, ...rows.map((row) =>
    make('div', { class: 'row' }, ...row.map((b) => key(m, b)))));
}

// signs stand in the corner of buttons that do something else than tell the bot.
function sign(b) {
  if (b.url) return ['open', w('button.open')];
  if (b.copy_text) return ['copy', w('button.copy')];
  if (b.switch_inline_query !== undefined || b.switch_inline_query_current_chat !== undefined) return ['inline', ''];
  return ['', ''];
}

function key(m, b) {
  const [mark, hint] = sign(b);
  return make('button', {
    type: 'button', class: `key ${b.style ?? ''}`, test: 'key', title: [b.text, hint].filter(Boolean).join(' · '),
    onclick: (e) => press(m, b, e.currentTarget),
  }, make('span', {}, b.text), mark && make('i', { class: mark, 'aria-hidden': 'true' }));
}
