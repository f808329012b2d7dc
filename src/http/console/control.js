// The control API, as anybody may call it.

import { keepToken, token } from "./settings.js";

/** A control call that was refused. */
export class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Asks a person for the token; set by the page. @type {{ ask: (() => Promise<string>) | null }} */
export const door = { ask: null };

/** @type {Promise<string> | null} */
let asking = null;

/** @returns {Record<string, string>} */
const headers = () => (token() ? { Authorization: `Bearer ${token()}` } : {});

/**
 * Fetches with the token, and asks for it where one is wanted.
 * @param {string} path below `/_crs`
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export async function open(path, init) {
  for (;;) {
    const used = token();
    const answer = await fetch(path === "/metrics" ? path : `/_crs${path}`, { ...init, headers: headers() });
    if (answer.status !== 401 || !door.ask) return answer;
    if (token() !== used) continue;
    asking ??= door.ask().finally(() => (asking = null));
    keepToken(await asking);
  }
}

/**
 * Calls and reads JSON.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
export async function control(method, path, body) {
  const answer = await open(path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  const read = text ? JSON.parse(text) : {};
  if (!answer.ok && answer.status !== 409) throw new Refused(answer.status, read.Error?.Message ?? text);
  if (read.Error) throw new Refused(answer.status, read.Error.Message);
  return read;
}

/**
 * Reads the stream of events until the signal ends it, again and again where it breaks off.
 * @param {(name: string, data: any) => void} heard
 * @param {(live: boolean) => void} told whether the stream is open
 */
export async function listen(heard, told) {
  for (let pause = 250; ; pause = Math.min(pause * 2, 5_000)) {
    try {
      const answer = await open("/events");
      if (answer.ok && answer.body) {
        told(true);
        pause = 250;
        await readEvents(answer.body, heard);
      }
    } catch {
      // The server is gone; it may come back.
    }
    told(false);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** @param {ReadableStream<Uint8Array>} stream @param {(name: string, data: any) => void} heard */
async function readEvents(stream, heard) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event)?.[1];
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (name && data) heard(name, JSON.parse(data));
    }
  }
}
