// A key that people write down: 256 bits and a check, in letters that are not mixed up, as BCDF-2345-….

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const keyBytes = 32;
const checkBytes = 3;

export async function writeRecoveryKey(key: Uint8Array<ArrayBuffer>): Promise<string> {
  const all = new Uint8Array([...key, ...(await checkOf(key))]);
  let text = '';
  let [bits, value] = [0, 0];
  for (const byte of all) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += letters.charAt((value >> bits) & 31);
    }
    value &= (1 << bits) - 1;
  }
  return (text.match(/.{4}/g) ?? []).join('-');
}

/** Undefined: it is none, or something of it was misread. */
export async function readRecoveryKey(text: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const plain = text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  const bytes: number[] = [];
  let [bits, value] = [0, 0];
  for (const letter of plain) {
    const index = letters.indexOf(letter);
    if (index < 0) return undefined;
    value = (value << 5) | index;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 255);
      value &= (1 << bits) - 1;
    }
  }
  if (bytes.length !== keyBytes + checkBytes) return undefined;
  const key = new Uint8Array(bytes.slice(0, keyBytes));
  const check = await checkOf(key);
  return bytes.slice(keyBytes).every((byte, index) => byte === check[index]) ? key : undefined;
}

async function checkOf(key: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', key)).slice(0, checkBytes);
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('=', '');
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** What belongs to a person, locked with the key that they have written down. */
export async function lock(key: Uint8Array<ArrayBuffer>, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = new TextEncoder().encode(text);
  const locked = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await lockOf(key), data);
  return `${toBase64(iv)}.${toBase64(new Uint8Array(locked))}`;
}

/** Throws when it was locked with another key, or changed. */
export async function unlock(key: Uint8Array<ArrayBuffer>, locked: string): Promise<string> {
  const [iv = '', data = ''] = locked.split('.');
  const open = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: fromBase64(iv) },
    await lockOf(key),
    fromBase64(data),
  );
  return new TextDecoder().decode(open);
}

/** What shows that somebody has written something who has the key: whom the platform lets write does not. */
export async function markOf(key: Uint8Array<ArrayBuffer>, text: string): Promise<string> {
  const info = new TextEncoder().encode('im-chat backup');
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  const base = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveKey']);
  const mac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  const own = await crypto.subtle.deriveKey(how, base, mac, false, ['sign']);
  return toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', own, new TextEncoder().encode(text))));
}

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

async function lockOf(key: Uint8Array<ArrayBuffer>): Promise<Key> {
  const base = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveKey']);
  const how = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: new TextEncoder().encode('im-chat'),
  };
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}
