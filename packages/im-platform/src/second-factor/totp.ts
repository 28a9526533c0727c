import { createHmac, timingSafeEqual } from 'node:crypto';

// Codes by time (RFC 6238), as all apps for them have it: SHA-1, six digits, thirty seconds. HMAC is Node's; the rest is what the RFC says.

const stepS = 30;
const digits = 6;
const form = /^\d{6}$/;
/** A clock that is a little ahead or behind, and who types slowly. */
const stepsAside = 1;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function codeAt(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', secret).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 0xf;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

export function stepAt(epochMs: number): number {
  return Math.floor(epochMs / 1_000 / stepS);
}

/** The step whose code it is, now or just beside; undefined: of none. All are compared, in the same time. */
export function stepOf(secret: Buffer, code: string, epochMs: number): number | undefined {
  if (!form.test(code)) return undefined;
  const now = stepAt(epochMs);
  let found: number | undefined;
  for (let step = now - stepsAside; step <= now + stepsAside; step++) {
    const good = codeAt(secret, step);
    if (timingSafeEqual(Buffer.from(good), Buffer.from(code))) found = step;
  }
  return found;
}

/** RFC 4648, without padding: how people and apps are given secrets. */
export function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** What an app is given, as a text or in a picture. */
export function addressOf({
  secret,
  account,
  issuer,
}: {
  readonly secret: Buffer;
  readonly account: string;
  readonly issuer: string;
}): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${toBase32(secret)}&issuer=${encodeURIComponent(issuer)}`;
}
