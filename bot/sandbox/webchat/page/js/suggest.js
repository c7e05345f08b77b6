// What is offered above the field: the command menu for "/…", the results of inline mode for "@bot …".

import { byId, make } from './dom.js';
import { post } from './api.js';
import { state, acting } from './state.js';
import { w } from './words.js';
import { typeIn } from './composer.js';

const box = byId('suggest');
const patience = 250; // milliseconds without a key before inline mode asks the bot
let timer;
let asked = 0; // only the answer to the last question is shown

function close() {
  asked++;
  clearTimeout(timer);
  box.hidden = true;
  box.replaceChildren();
}

// suggest looks at what is written and offers what fits.
export function suggest(words) {
  clearTimeout(timer);
  const inline = words.trimStart().match(/^@(\w+)\s([\s\S]*)$/);
  if (inline && inline[1].toLowerCase() === state.world.bot.username?.toLowerCase()) {
    const turn = ++asked;
    timer = setTimeout(() => search(inline[2], turn), patience);
    return;
  }
  close();
  if (/^\/\w*$/.test(words)) offerCommands(words.slice(1).toLowerCase());
}

function show(lines) {
  box.replaceChildren(...lines);
  box.hidden = lines.length === 0;
  box.scrollTop = 0;
}

const option = (onclick, ...children) =>
  make('button', { type: 'button', role: 'option', 'aria-selected': 'false', test: 'option', onclick }, ...children);

function offerCommands(start) {
  const fit = state.screen.commands.filter((c) => c.command.startsWith(start));
  show(fit.map((c) => option(() => {
    typeIn('');
    post('say', { ...acting(), text: `/${c.command}`, reply: 0 });
  }, make('b', {}, `/${c.command}`), make('span', {}, c.description))));
}

async function search(words, turn) {
  show([make('p', {}, w('inline.wait'))]);
  const out = await post('inline', { ...acting(), text: words, offset: '' });
  if (turn !== asked) return;
  if (!out) return close();
  show(out.results.length ? lines(out) : [make('p', {}, w('inline.none'))]);
  if (out.next) box.lastElementChild.after(more(words, out.next, turn));
  if (out.button) box.prepend(above(out.button));
}

const lines = (out) => out.results.map((r) => option(() => {
  typeIn('');
  post('pick', { ...acting(), answer: out.answer, result: r.id });
}, make('b', {}, r.title), make('span', {}, r.line)));

// above is the button that a bot may put above its results: it starts the bot.
const above = (b) => option(() => {
  typeIn('');
  post('say', { person: state.me, text: `/start ${b.start_parameter ?? ''}`.trim(), reply: 0 });
}, make('b', {}, b.text));

function more(words, offset, turn) {
  const el = option(async () => {
    const out = await post('inline', { ...acting(), text: words, offset });
    if (!out || turn !== asked) return;
    el.replaceWith(...lines(out), ...(out.next ? [more(words, out.next, turn)] : []));
  }, make('b', {}, '…'));
  return el;
}

// steer moves through what is offered with the keys; it says whether the key was meant for that.
export function steer(e) {
  const options = [...box.querySelectorAll('[role=option]')];
  if (box.hidden || !options.length) return false;
  const at = options.findIndex((o) => o.ariaSelected === 'true');
  switch (e.key) {
    case 'ArrowDown': choose(options, at + 1); break;
    case 'ArrowUp': choose(options, at < 0 ? options.length - 1 : at - 1); break;
    case 'Enter':
      if (at < 0) return false;
      options[at].click();
      break;
    case 'Escape': close(); break;
    default: return false;
  }
  e.preventDefault();
  return true;
}

function choose(options, at) {
  const one = options[(at + options.length) % options.length];
  for (const o of options) o.ariaSelected = String(o === one);
  one.scrollIntoView({ block: 'nearest' });
}
