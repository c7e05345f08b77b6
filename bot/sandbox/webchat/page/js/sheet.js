// Sheets: the one dialog of the page, filled anew for each purpose.

import { byId, make, button } from './dom.js';
import { w } from './words.js';

const box = byId('sheet');

export function closeSheet() {
  box.close();
}

// openSheet shows a title and whatever is under it. The browser keeps the focus inside and closes it on Escape.
export function openSheet(title, ...children) {
  if (box.open) box.close();
  box.replaceChildren(make('header', {}, make('h2', {}, title),
    button('✕', closeSheet, { class: 'round', ariaLabel: w('close'), test: 'sheet-close' })), ...children);
  box.setAttribute('aria-label', title);
  box.showModal();
}

// list is a column of big buttons; each is [words, action, name for tests].
export const list = (...lines) => make('div', { class: 'lines' }, ...lines.filter(Boolean).map(([words, act, test]) =>
  button(words, () => { closeSheet(); act(); }, { test })));

// notice is an alert of the bot.
export function notice(text) {
  openSheet('Kartoteka', make('p', { class: 'notice', test: 'alert' }, text),
    make('div', { class: 'ends' }, button(w('ok'), closeSheet, { class: 'main', test: 'alert-ok' })));
}

// field is a labelled input. kind is a type of input, or "area".
export function field(name, words, kind = 'text', props = {}) {
  const id = `f-${name}`;
  const input = kind === 'area'
    ? make('textarea', { id, name, rows: 4, test: id, ...props })
    : make('input', { id, name, type: kind, test: id, ...props });
  if (kind === 'checkbox') return make('label', { class: 'check', htmlFor: id }, input, make('span', {}, words));
  return make('label', { class: 'field', htmlFor: id }, make('span', {}, words), input);
}

export function choice(name, words, options, value) {
  const id = `f-${name}`;
  const select = make('select', { id, name, test: id }, ...options.map(([v, label]) => make('option', { value: v }, label)));
  select.value = value;
  return make('label', { class: 'field', htmlFor: id }, make('span', {}, words), select);
}

// form is fields with a button that takes them; take gets the values and returns something true when all went well.
export function form(words, take, ...fields) {
  const el = make('form', { class: 'form', test: 'form', novalidate: true }, ...fields,
    make('div', { class: 'ends' }, button(w('cancel'), closeSheet), make('button', { type: 'submit', class: 'main', test: 'submit' }, words)));
  el.addEventListener('submit', async (e) => {
    e.preventDefault();
    if (!el.reportValidity()) return;
    const values = {};
    for (const input of el.querySelectorAll('[name]')) values[input.name] = input.type === 'checkbox' ? input.checked : input.value;
    if (await take(values)) closeSheet();
  });
  return el;
}

box.addEventListener('click', (e) => { if (e.target === box) closeSheet(); });
