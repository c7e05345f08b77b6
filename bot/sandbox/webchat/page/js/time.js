// Times in the zone of the sandbox, in the page's language.

import { state, now } from './state.js';
import { language, w } from './words.js';

const format = (ms, options, lang = language()) =>
  new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { timeZone: state.world.zone, ...options }).format(ms);

export const clock = (ms) => format(ms, { hour: '2-digit', minute: '2-digit' });

// stamp is the clock's face in the bar.
export const stamp = (ms) => `${format(ms, { weekday: 'short', day: 'numeric', month: 'short' })} ${clock(ms)}`;

// wall is how a field for date and time says it.
export const wall = (ms) =>
  format(ms, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }, 'sv-SE').replace(' ', 'T');

export const day = (ms) => wall(ms).slice(0, 10);

const dayLength = 24 * 60 * 60 * 1000;

// dayName is what stands between the days of a chat.
export function dayName(ms) {
  const is = day(ms);
  if (is === day(now())) return w('today');
  if (is === day(now() - dayLength)) return w('yesterday');
  const year = is.slice(0, 4) === day(now()).slice(0, 4) ? undefined : 'numeric';
  return format(ms, { day: 'numeric', month: 'long', year });
}
