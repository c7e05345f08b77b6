// A text with its entities as nodes. Offsets count UTF-16 units, as strings here do.

import { make } from './dom.js';
import { w } from './words.js';

const tags = {
  bold: 'b', italic: 'i', underline: 'u', strikethrough: 's', code: 'code', pre: 'pre',
  blockquote: 'blockquote', expandable_blockquote: 'blockquote',
};

const safe = new Set(['http:', 'https:', 'tg:', 'mailto:', 'tel:']);

// address is the link if it is one that may be followed.
function address(link) {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(link) ? link : `http://${link}`;
  return URL.canParse(full) && safe.has(new URL(full).protocol) ? full : undefined;
}

function link(href, run) {
  const to = address(href);
  return to ? make('a', { href: to, rel: 'noopener noreferrer', target: '_blank' }) : make('span', { class: run });
}

function element(e, text) {
  switch (e.type) {
    case 'text_link': return link(e.url ?? '', e.type);
    case 'url': return link(text, e.type);
    case 'email': return link(`mailto:${text}`, e.type);
    case 'phone_number': return link(`tel:${text.replace(/[^+\d]/g, '')}`, e.type);
    case 'bot_command': return make('a', { href: '#', class: 'command' });
    case 'spoiler': return make('span', { class: 'spoiler', tabIndex: 0, role: 'button' });
    case 'expandable_blockquote': return make('blockquote', { class: 'long' });
    case 'date_time': return make('time', { dateTime: new Date((e.unix_time ?? 0) * 1000).toISOString() });
    default: return tags[e.type] ? make(tags[e.type]) : make('span', { class: e.type });
  }
}

// render is the text as nodes. What does not fit into the entity around it ends where that ends.
export function render(text, entities = []) {
  const root = document.createDocumentFragment();
  const list = entities
    .filter((e) => e.length > 0 && e.offset >= 0 && e.offset + e.length <= text.length)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(root, { text, list, at: 0, next: 0 }, text.length);
  return root;
}

// fill appends what stands from run.at to end.
function fill(parent, run, end) {
  while (run.next < run.list.length && run.list[run.next].offset < end) {
    const e = run.list[run.next++];
    const from = Math.max(e.offset, run.at);
    const to = Math.min(e.offset + e.length, end);
    if (to <= from) continue;
    parent.append(run.text.slice(run.at, from));
    run.at = from;
    const el = element(e, run.text.slice(from, to));
    parent.append(el);
    fill(el, run, to);
  }
  parent.append(run.text.slice(run.at, end));
  run.at = end;
  parent.normalize();
}

// bring makes long quotes fold and spoilers open; to be called when root is on the page, since it measures.
export function bring(root) {
  for (const quote of root.querySelectorAll('blockquote.long')) fold(quote);
  for (const el of root.querySelectorAll('.spoiler')) {
    const show = () => el.classList.add('shown');
    el.addEventListener('click', show);
    el.addEventListener('keydown', (e) => { if (e.key === 'Enter' || e.key === ' ') show(); });
  }
}

function fold(quote) {
  quote.classList.add('folded');
  if (quote.scrollHeight <= quote.clientHeight + 2) {
    quote.classList.remove('folded');
    return;
  }
  const toggle = make('button', { type: 'button', class: 'fold', test: 'fold' });
  const say = () => {
    const folded = quote.classList.contains('folded');
    toggle.setAttribute('aria-expanded', String(!folded));
    toggle.ariaLabel = w(folded ? 'quote.more' : 'quote.less');
    toggle.textContent = folded ? '⌄' : '⌃';
  };
  quote.addEventListener('click', (e) => {
    if (e.target.closest('a, .spoiler') || String(getSelection())) return;
    quote.classList.toggle('folded');
    say();
  });
  quote.append(toggle);
  say();
}
