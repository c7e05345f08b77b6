// Sending files and other things that are no text.

import { byId, make } from './dom.js';
import { post } from './api.js';
import { state, acting } from './state.js';
import { w } from './words.js';
import { openSheet, list } from './sheet.js';
import { contactSheet, forwardSheet } from './forms.js';
import { replying, setAbout } from './composer.js';

async function upload(kind, file, name) {
  const body = new FormData();
  const text = byId('text');
  for (const [name, value] of Object.entries(acting())) body.set(name, value);
  body.set('kind', kind);
  body.set('caption', text.value);
  body.set('reply', replying());
  body.set('file', file, name ?? file.name);
  if (await post('upload', body)) {
    text.value = '';
    text.dispatchEvent(new Event('input'));
    setAbout(null);
  }
}

function pick(kind, accept) {
  const input = make('input', { type: 'file', accept, multiple: true });
  input.addEventListener('change', async () => {
    for (const file of input.files) await upload(kind, file);
  });
  input.click();
}

// samplePhoto draws a picture, for whom has none at hand.
function samplePhoto() {
  const canvas = make('canvas', { width: 640, height: 420 });
  const c = canvas.getContext('2d');
  const sky = c.createLinearGradient(0, 0, 640, 420);
  sky.addColorStop(0, '#f2b880');
  sky.addColorStop(1, '#7a4f9a');
  c.fillStyle = sky;
  c.fillRect(0, 0, 640, 420);
  c.fillStyle = '#ffffff';
  c.font = '36px sans-serif';
  c.textAlign = 'center';
  c.fillText(w('sample.words'), 320, 222);
  canvas.toBlob((blob) => upload('photo', blob, 'photo.jpg'), 'image/jpeg');
}

// sampleVoice is a file that begins as Telegram's voice notes do, and holds no sound.
const sampleVoice = () =>
  upload('voice', new Blob(['OggS', new Uint8Array(6000)], { type: 'audio/ogg' }), 'voice.oga');

function openAttach() {
  openSheet(w('attach.title'), list(
    [w('attach.contact'), () => contactSheet(), 'attach-contact'],
    [w('attach.forward'), () => forwardSheet(), 'attach-forward'],
    [w('attach.file'), () => pick('document', ''), 'attach-file'],
    [w('attach.photo'), () => pick('photo', 'image/png,image/jpeg'), 'attach-photo'],
    [w('attach.sample'), samplePhoto, 'attach-sample'],
    [w('attach.voice'), sampleVoice, 'attach-voice'],
    [w('attach.place'), () => post('place', acting()), 'attach-place']));
}

export function beginAttach() {
  byId('attach').addEventListener('click', openAttach);
}
