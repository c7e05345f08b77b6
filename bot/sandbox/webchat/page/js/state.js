// What the page knows: one object, changed by app.js as the server tells.

export const state = {
  world: { bot: {}, people: [], groups: [], now: 0, zone: 'UTC', refused: { count: 0, unanswered: 0, last: [] } },
  read: performance.now(), // when world.now was read
  me: 0, // id of the person that one is
  chat: 0, // the group that one looks at; 0: the private chat with the bot
  topic: 0, // of the group; 0: all of it
  screen: { messages: [], commands: [], keyboard: null, about: '' },
  unread: new Map(), // person or group → messages that came while one looked elsewhere
};

export const person = (id) => state.world.people.find((p) => p.id === id);

export const group = (id) => state.world.groups.find((g) => g.id === id);

// acting is who one is and where, as the server is told with all that one does.
export const acting = () => ({ person: state.me, chat: state.chat, topic: state.topic });

// shows says whether what happens in a chat is seen on this page.
export const shows = (chat, m) =>
  chat === (state.chat || state.me) && (!state.topic || !m || m.message_thread_id === state.topic);

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
