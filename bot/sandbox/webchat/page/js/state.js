// What the page knows: one object, changed by app.js as the server tells.

export const state = {
  world: { bot: {}, people: [], now: 0, zone: 'UTC', refused: { count: 0, unanswered: 0, last: [] } },
  read: performance.now(), // when world.now was read
  me: 0, // id of the person that one is
  screen: { messages: [], commands: [], keyboard: null, about: '' },
  unread: new Map(), // person → messages that came while one was somebody else
};

export const person = (id) => state.world.people.find((p) => p.id === id);

// now is the sandbox's time in Unix milliseconds.
export const now = () => state.world.now + (performance.now() - state.read);

export const message = (id) => state.screen.messages.find((m) => m.message_id === id);

// keep puts a message in place of its older version, or at the end; it says whether it is a new one.
export function keep(m) {
  const list = state.screen.messages;
  const at = list.findIndex((old) => old.message_id === m.message_id);
  if (at >= 0) list[at] = m;
  else list.push(m);
  return at < 0;
}

export function drop(id) {
  state.screen.messages = state.screen.messages.filter((m) => m.message_id !== id);
}
