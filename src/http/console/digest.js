// Hashes and HMACs. Web Crypto does the work where the page is a secure context; at http://192.168.… or a container's
// name it is none and has no `crypto.subtle`, so both hashes stand here in plain code too.

/** @typedef {"SHA-1" | "SHA-256"} Hash */

const BLOCK = 64;

/** @param {string | Uint8Array} text */
export const bytes = (text) => (typeof text === "string" ? new TextEncoder().encode(text) : text);

/** @param {Uint8Array} all */
export const hex = (all) => Array.from(all, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** @param {Uint8Array} all */
export const base64 = (all) => btoa(String.fromCharCode(...all));

/** @type {SubtleCrypto | undefined} */
const subtle = globalThis.crypto?.subtle;

/**
 * @param {Hash} hash
 * @param {string | Uint8Array} data
 * @returns {Promise<Uint8Array>}
 */
export async function digest(hash, data) {
  if (!subtle) return plainDigest(hash, bytes(data));
  return new Uint8Array(await subtle.digest(hash, /** @type {BufferSource} */ (bytes(data))));
}

/**
 * @param {Hash} hash
 * @param {string | Uint8Array} key
 * @param {string | Uint8Array} data
 * @returns {Promise<Uint8Array>}
 */
export async function hmac(hash, key, data) {
  // Web Crypto takes no empty key.
  if (!subtle || bytes(key).length === 0) return plainHmac(hash, bytes(key), bytes(data));
  const raw = /** @type {BufferSource} */ (bytes(key));
  const imported = await subtle.importKey("raw", raw, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, /** @type {BufferSource} */ (bytes(data))));
}

/**
 * The HMAC of RFC 2104, without Web Crypto.
 * @param {Hash} hash
 * @param {Uint8Array} key
 * @param {Uint8Array} data
 */
export function plainHmac(hash, key, data) {
  const short = key.length > BLOCK ? plainDigest(hash, key) : key;
  const pad = (/** @type {number} */ byte, /** @type {Uint8Array} */ rest) => {
    const block = new Uint8Array(BLOCK + rest.length).fill(byte, 0, BLOCK);
    short.forEach((own, at) => (block[at] ^= own));
    block.set(rest, BLOCK);
    return plainDigest(hash, block);
  };
  return pad(0x5c, pad(0x36, data));
}

/**
 * The hashes of FIPS 180-4, without Web Crypto.
 * @param {Hash} hash
 * @param {Uint8Array} data
 */
export function plainDigest(hash, data) {
  const length = Math.ceil((data.length + 9) / BLOCK) * BLOCK;
  const padded = new Uint8Array(length);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(length - 8, Math.floor(data.length / 0x20000000));
  view.setUint32(length - 4, data.length << 3);
  const [state, round] = hash === "SHA-1" ? [SHA1_START.slice(), round1] : [SHA256_START.slice(), round256];
  for (let at = 0; at < length; at += BLOCK) round(state, view, at);
  const out = new DataView(new ArrayBuffer(state.length * 4));
  state.forEach((word, at) => out.setUint32(at * 4, word));
  return new Uint8Array(out.buffer);
}

const SHA1_START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

/** @param {number} word @param {number} by */
const left = (word, by) => (word << by) | (word >>> (32 - by));

/** @param {number[]} state @param {DataView} view @param {number} at */
function round1(state, view, at) {
  const words = new Int32Array(80);
  for (let i = 0; i < 80; i++) {
    words[i] = i < 16 ? view.getInt32(at + i * 4) : left(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  }
  let [a, b, c, d, e] = state;
  for (let i = 0; i < 80; i++) {
    const [mixed, constant] =
      i < 20 ? [(b & c) | (~b & d), 0x5a827999]
      : i < 40 ? [b ^ c ^ d, 0x6ed9eba1]
      : i < 60 ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
      : [b ^ c ^ d, 0xca62c1d6];
    [a, b, c, d, e] = [(left(a, 5) + mixed + e + words[i] + constant) | 0, a, left(b, 30), c, d];
  }
  [a, b, c, d, e].forEach((word, i) => (state[i] = (state[i] + word) | 0));
}

/** The first 32 bits of the fractions of roots of the first primes. @param {number} power @param {number} count */
function ofPrimes(power, count) {
  const found = [];
  for (let candidate = 2; found.length < count; candidate++) {
    let prime = true;
    for (let by = 2; by * by <= candidate; by++) if (candidate % by === 0) prime = false;
    if (prime) found.push(((candidate ** power % 1) * 2 ** 32) | 0);
  }
  return found;
}

const SHA256_START = ofPrimes(1 / 2, 8);
const SHA256_ROUNDS = ofPrimes(1 / 3, 64);

/** @param {number} word @param {number} by */
const right = (word, by) => (word >>> by) | (word << (32 - by));

/** @param {number[]} state @param {DataView} view @param {number} at */
function round256(state, view, at) {
  const words = new Int32Array(64);
  for (let i = 0; i < 64; i++) {
    if (i < 16) {
      words[i] = view.getInt32(at + i * 4);
      continue;
    }
    const [old, late] = [words[i - 15], words[i - 2]];
    const mixedOld = right(old, 7) ^ right(old, 18) ^ (old >>> 3);
    const mixedLate = right(late, 17) ^ right(late, 19) ^ (late >>> 10);
    words[i] = (words[i - 16] + mixedOld + words[i - 7] + mixedLate) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + SHA256_ROUNDS[i] + words[i];
    const two = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = (state[i] + word) | 0));
}
