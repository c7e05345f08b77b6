// Making elements. Texts are set as texts, never as HTML: the page's policy forbids the latter altogether.

// make is an element with properties (data-… and aria-… as attributes, class, on… as listeners) and children.
export function make(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'class') el.className = value;
    else if (name === 'test') el.dataset.testid = value;
    else if (name.startsWith('on')) el.addEventListener(name.slice(2), value);
    else if (name.includes('-') || name === 'role') el.setAttribute(name, value);
    else el[name] = value;
  }
  el.append(...children.filter((c) => c !== null && c !== undefined && c !== false));
  return el;
}

export const button = (text, onclick, props = {}) => make('button', { type: 'button', onclick, ...props }, text);

export const byId = (id) => document.getElementById(id);

const colours = 7;

// avatar is a round picture with the first letters of a name.
export function avatar(id, name) {
  const letters = name.split(/\s+/).filter(Boolean).slice(0, 2).map((part) => [...part][0]).join('');
  return make('span', { class: `avatar c${id % colours}`, 'aria-hidden': 'true' }, letters.toUpperCase());
}

export const fullName = (user) => [user.first_name, user.last_name].filter(Boolean).join(' ');

let leave;

// toast shows a line for a while.
export function toast(text) {
  byId('toasts').replaceChildren(make('div', { test: 'toast' }, text));
  clearTimeout(leave);
  leave = setTimeout(() => byId('toasts').replaceChildren(), 3500);
}
