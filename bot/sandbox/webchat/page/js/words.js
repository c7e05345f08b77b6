// The page's own words; what the bot says is its own affair. Keys are the same in both languages.

const ru = {
  title: 'Песочница',
  hint: 'Всё вымышлено и остаётся на этой машине.',
  'lang.switch': 'English', 'lang.label': 'Switch to English',
  'people.title': 'Кто вы',
  'people.new': '+ Новый человек',
  'people.me': 'Вы: {name}. Сменить',
  'groups.title': 'Группы с ботом',
  'topic.new': 'Новая тема: {name}', 'group.came': 'В группе: {names}', 'group.left': 'Вышли: {names}', 'group.super': 'Группа стала супергруппой',
  'people.block': 'Заблокировать бота', 'people.unblock': 'Разблокировать бота',
  'role.owner': 'владелец базы', 'role.manager': 'менеджер', 'role.client': 'клиент', 'role.stranger': 'посторонний',
  blocked: 'бот заблокирован',
  'log.label': 'Чат с ботом', 'log.down': 'К последним сообщениям',
  'text.hint': 'Сообщение', send: 'Отправить', menu: 'Команды', close: 'Закрыть', begin: 'Начать',
  'suggest.label': 'Подсказки', 'inline.none': 'Ничего не найдено', 'inline.wait': 'Ищу…',
  'state.typing': 'печатает…', 'state.file': 'отправляет файл…', 'state.lost': 'нет связи с песочницей…',
  edited: 'изм.', pinned: 'закреплено',
  'via': 'через @{name}', forwarded: 'Переслано от {name}', you: 'Вы',
  'button.open': 'Откроется в новой вкладке', 'button.copy': 'Скопирует', 'button.unknown': 'Песочница не умеет нажимать такие кнопки',
  copied: 'Скопировано', 'copied.not': 'Браузер не дал скопировать: {text}',
  'link.telegram': 'Это ссылка для самого Telegram: {link}',
  'quote.more': 'Показать всё', 'quote.less': 'Свернуть',
  'menu.title': 'Сообщение', 'menu.label': 'Действия с сообщением',
  'menu.reply': 'Ответить', 'menu.edit': 'Изменить', 'menu.copy': 'Скопировать текст',
  'menu.pass': 'Переслать боту как другой человек', 'menu.as': 'Открыть ссылку как {name}',
  'about.edit': 'Изменение сообщения',
  'attach.title': 'Вложение', 'attach.contact': 'Контакт из телефона', 'attach.forward': 'Пересланное сообщение',
  'attach.file': 'Файл', 'attach.photo': 'Фото', 'attach.sample': 'Фото-пример', 'attach.voice': 'Голосовое (пустышка)', 'attach.place': 'Место',
  'contact.title': 'Контакт из телефона', 'contact.phone': 'Телефон', 'contact.first': 'Имя', 'contact.last': 'Фамилия',
  'contact.vcard': 'vCard, если есть', 'contact.load': 'Из файла .vcf', 'contact.own': 'Это мой номер', 'contact.sample': 'Заполнить примером',
  'forward.title': 'Пересланное сообщение', 'forward.from': 'От кого', 'forward.new': 'кто-то другой…', 'forward.name': 'Имя',
  'forward.last': 'Фамилия', 'forward.hidden': 'Автор скрыт: боту видно только имя', 'forward.text': 'Текст', 'forward.at': 'Когда написано',
  'person.title': 'Новый человек', 'person.first': 'Имя', 'person.last': 'Фамилия', 'person.username': 'Имя в Telegram, без @',
  'person.lang': 'Язык приложения',
  'users.title': 'Кого отправить боту',
  'clock.title': 'Часы песочницы', 'clock.hour': '+1 час', 'clock.morning': 'завтра 09:00', 'clock.week': '+1 неделя',
  'clock.to': 'Перейти к времени', 'clock.set': 'Перейти', 'clock.zone': 'Часовой пояс {zone}. Назад часы не идут.',
  'clock.moved': 'Теперь {now}',
  'trouble.refused': 'Bot API отказал ({n}): {what}', 'trouble.unanswered': 'Нажатий без ответа: {n}', 'trouble.title': 'В чём бот ошибся',
  'trouble.how': 'Так ответил бы Telegram. Сверху последние.',
  failed: 'Не вышло: {what}', cancel: 'Отмена', ok: 'Понятно', go: 'Отправить', add: 'Добавить', save: 'Сохранить',
  voice: 'Голосовое сообщение', photo: 'Фото', place: 'Место', contact: 'Контакт', file: 'Файл', sticker: 'Стикер', shared: 'Люди: {names}',
  today: 'Сегодня', yesterday: 'Вчера', empty: 'Сообщений нет', size: '{n} КБ', 'sample.words': 'Фото из песочницы',
};

const en = {
  title: 'Sandbox',
  hint: 'All of it is made up and stays on this machine.',
  'lang.switch': 'Русский', 'lang.label': 'По-русски',
  'people.title': 'Who you are',
  'people.new': '+ New person',
  'people.me': 'You are {name}. Change',
  'groups.title': 'Groups with the bot',
  'topic.new': 'New topic: {name}', 'group.came': 'In the group: {names}', 'group.left': 'Left: {names}', 'group.super': 'The group became a supergroup',
  'people.block': 'Block the bot', 'people.unblock': 'Unblock the bot',
  'role.owner': 'owner of the base', 'role.manager': 'manager', 'role.client': 'client', 'role.stranger': 'stranger',
  blocked: 'the bot is blocked',
  'log.label': 'Chat with the bot', 'log.down': 'To the latest messages',
  'text.hint': 'Message', send: 'Send', menu: 'Commands', close: 'Close', begin: 'Start',
  'suggest.label': 'Suggestions', 'inline.none': 'Nothing found', 'inline.wait': 'Searching…',
  'state.typing': 'is typing…', 'state.file': 'is sending a file…', 'state.lost': 'the sandbox does not answer…',
  edited: 'edited', pinned: 'pinned',
  'via': 'via @{name}', forwarded: 'Forwarded from {name}', you: 'You',
  'button.open': 'Opens in a new tab', 'button.copy': 'Copies', 'button.unknown': 'The sandbox cannot press such a button',
  copied: 'Copied', 'copied.not': 'The browser did not let us copy: {text}',
  'link.telegram': 'This link is for Telegram itself: {link}',
  'quote.more': 'Show all', 'quote.less': 'Fold',
  'menu.title': 'Message', 'menu.label': 'What to do with the message',
  'menu.reply': 'Reply', 'menu.edit': 'Edit', 'menu.copy': 'Copy text',
  'menu.pass': 'Forward to the bot as somebody else', 'menu.as': 'Open the link as {name}',
  'about.edit': 'Editing a message',
  'attach.title': 'Attach', 'attach.contact': 'Contact from the phone', 'attach.forward': 'Forwarded message',
  'attach.file': 'File', 'attach.photo': 'Photo', 'attach.sample': 'Sample photo', 'attach.voice': 'Voice note (a dummy)', 'attach.place': 'Place',
  'contact.title': 'Contact from the phone', 'contact.phone': 'Phone', 'contact.first': 'First name', 'contact.last': 'Last name',
  'contact.vcard': 'vCard, if there is one', 'contact.load': 'From a .vcf file', 'contact.own': 'It is my own number', 'contact.sample': 'Fill in an example',
  'forward.title': 'Forwarded message', 'forward.from': 'Written by', 'forward.new': 'somebody else…', 'forward.name': 'First name',
  'forward.last': 'Last name', 'forward.hidden': 'The author is hidden: the bot sees the name only', 'forward.text': 'Text', 'forward.at': 'Written at',
  'person.title': 'New person', 'person.first': 'First name', 'person.last': 'Last name', 'person.username': 'Username, without @',
  'person.lang': 'Language of the app',
  'users.title': 'Whom to send to the bot',
  'clock.title': 'The sandbox clock', 'clock.hour': '+1 hour', 'clock.morning': 'tomorrow 09:00', 'clock.week': '+1 week',
  'clock.to': 'Go to a time', 'clock.set': 'Go', 'clock.zone': 'Time zone {zone}. The clock does not go back.',
  'clock.moved': 'It is {now} now',
  'trouble.refused': 'The Bot API refused ({n}): {what}', 'trouble.unanswered': 'Presses without an answer: {n}', 'trouble.title': 'What the bot did wrong',
  'trouble.how': 'Telegram would answer so. The latest come first.',
  failed: 'It did not work: {what}', cancel: 'Cancel', ok: 'OK', go: 'Send', add: 'Add', save: 'Save',
  voice: 'Voice message', photo: 'Photo', place: 'Place', contact: 'Contact', file: 'File', sticker: 'Sticker', shared: 'People: {names}',
  today: 'Today', yesterday: 'Yesterday', empty: 'No messages', size: '{n} KB', 'sample.words': 'A photo from the sandbox',
};

const all = { ru, en };
const kept = 'kartoteka.lang';
let lang = localStorage.getItem(kept);

export const language = () => lang ?? 'ru';

// begin takes the language that the server proposes, unless one was chosen.
export function begin(proposed) {
  if (!all[lang]) lang = all[proposed] ? proposed : 'ru';
  paint();
}

export function switchLanguage() {
  lang = language() === 'ru' ? 'en' : 'ru';
  localStorage.setItem(kept, lang);
  paint();
}

// w is the text of a key with its values put in.
export function w(key, values = {}) {
  const text = all[language()][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

// paint writes the words into everything that names a key.
export function paint(root = document) {
  document.documentElement.lang = language();
  for (const el of root.querySelectorAll('[data-w]')) el.textContent = w(el.dataset.w);
  for (const el of root.querySelectorAll('[data-w-label]')) {
    el.ariaLabel = w(el.dataset.wLabel);
    el.title = el.ariaLabel;
  }
  for (const el of root.querySelectorAll('[data-w-hint]')) el.placeholder = w(el.dataset.wHint);
}
