// The server's API; see webchat/doc.go.

import { w } from './words.js';
import { toast } from './dom.js';

async function taken(response) {
  const out = await response.json().catch(() => ({ error: response.statusText }));
  if (!response.ok) throw new Error(out.error ?? response.statusText);
  return out;
}

export const get = async (what) => taken(await fetch(`/api/${what}`));

// post tells the server that somebody did something; an error is shown, and undefined returned.
export async function post(what, body) {
  const form = body instanceof FormData;
  try {
    return await taken(await fetch(`/api/${what}`, {
      method: 'POST',
      body: form ? body : JSON.stringify(body),
      headers: form ? {} : { 'Content-Type': 'application/json' },
    }));
  } catch (err) {
    toast(w('failed', { what: err.message }));
    return undefined;
  }
}

const retry = 1000;

// listen calls on for each event, and lost when the connection is gone; it connects anew for ever.
export function listen(on, lost) {
  const source = new EventSource('/api/events');
  source.onmessage = (e) => on(JSON.parse(e.data));
  source.onerror = () => {
    lost();
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(on, lost), retry);
  };
}
