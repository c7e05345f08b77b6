// The forms: a contact, a forwarded message, a new person, persons for the bot.

import { button, fullName, make } from './dom.js';
import { post } from './api.js';
import { state, person, now, acting } from './state.js';
import { wall } from './time.js';
import { w, language } from './words.js';
import { openSheet, closeSheet, form, field, choice } from './sheet.js';

const sample = {
  phone: '+7 945 000-12-34', first: 'Мария', last: 'Соколова',
  vcard: ['BEGIN:VCARD', 'VERSION:3.0', 'N:Соколова;Мария;;;', 'FN:Мария Соколова', 'ORG:ООО «Акме»', 'TITLE:закупщик',
    'TEL;TYPE=CELL:+7 945 000-12-34', 'EMAIL:maria@acme.example', 'BDAY:1992-05-12', 'NOTE:любит кофе без сахара', 'END:VCARD'].join('\n'),
};

// contactSheet shares a contact; own: one's own number, which bots ask for.
export function contactSheet({ own = false } = {}) {
  const me = person(state.me);
  const file = make('input', { type: 'file', accept: '.vcf,text/vcard', hidden: true, test: 'f-vcf' });
  const el = form(w('go'), (v) => post('contact', { ...acting(), ...v }),
    field('phone', w('contact.phone'), 'tel', { placeholder: '+7 900 123-45-67' }),
    field('first', w('contact.first'), 'text', { value: own ? me.first_name : '' }),
    field('last', w('contact.last'), 'text', { value: own ? me.last_name ?? '' : '' }),
    field('vcard', w('contact.vcard'), 'area', { placeholder: 'BEGIN:VCARD' }),
    field('own', w('contact.own'), 'checkbox', { checked: own }),
    make('div', { class: 'aside' },
      button(w('contact.sample'), () => { for (const [k, v] of Object.entries(sample)) el.elements[k].value = v; }, { class: 'plain', test: 'contact-sample' }),
      button(w('contact.load'), () => file.click(), { class: 'plain' }), file));
  file.addEventListener('change', async () => {
    if (!file.files[0]) return;
    el.elements.vcard.value = await file.files[0].text();
    el.elements.phone.value ||= el.elements.vcard.value.match(/^(?:item\d+\.)?TEL[^:\n]*:(.+)$/im)?.[1].trim() ?? '';
  });
  openSheet(w('contact.title'), el);
}

// forwardSheet forwards what somebody wrote; from and text may be given.
export function forwardSheet({ from = 0, text = '', as = state.me } = {}) {
  const others = state.world.people.filter((p) => p.id !== as);
  const first = from || others.at(-1)?.id || 0; // clients come last
  const name = field('name', w('forward.name'));
  const last = field('last', w('forward.last'));
  const who = choice('from', w('forward.from'),
    [...others.map((p) => [p.id, fullName(p)]), [0, w('forward.new')]], first);
  const select = who.querySelector('select');
  const show = () => { name.hidden = last.hidden = select.value !== '0'; };
  select.addEventListener('change', show);
  show();
  openSheet(w('forward.title'), form(w('go'),
    (v) => post('forward', { person: as, ...v, from: Number(v.from) }),
    who, name, last,
    field('text', w('forward.text'), 'area', { value: text, required: true }),
    field('at', w('forward.at'), 'datetime-local', { value: wall(now()) }),
    field('hidden', w('forward.hidden'), 'checkbox')));
}

// personSheet makes somebody new and becomes them.
export function personSheet(become) {
  openSheet(w('person.title'), form(w('add'), async (v) => {
    const out = await post('person', v);
    if (out) become(out.person);
    return out;
  },
  field('first', w('person.first'), 'text', { required: true }),
  field('last', w('person.last')),
  field('username', w('person.username')),
  choice('lang', w('person.lang'), [['ru', 'Русский'], ['en', 'English'], ['de', 'Deutsch']], language())));
}

// usersSheet answers a button that asks for persons.
export function usersSheet(request) {
  openSheet(w('users.title'), make('div', { class: 'lines' }, ...state.world.people.map((p) => button(fullName(p), () => {
    closeSheet();
    post('users', { ...acting(), request: request.request_id, users: [p.id] });
  }))));
}
