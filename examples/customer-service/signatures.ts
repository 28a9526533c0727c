// As docs/webhooks.md shows it: what the platform tells us is signed so, and so is the transcript. And who is who at the desk.
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Headers = Readonly<Record<string, string | undefined>>;

export function sign(secret: string, id: string, timeS: number, body: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return createHmac('sha256', key).update(`${id}.${timeS}.${body}`).digest('base64');
}

export function isGenuine(secret: string, headers: Headers, body: string): boolean {
  const { 'webhook-id': id = '', 'webhook-timestamp': time, 'webhook-signature': signatures = '' } = headers;
  if (secret === '' || !(Math.abs(Date.now() / 1_000 - Number(time)) < 300)) return false;
  const expected = sign(secret, id, Number(time), body);
  return signatures.split(' ').some((one) => areEqual(one.replace('v1,', ''), expected));
}

export interface Person {
  readonly kind: 'visitor' | 'agent';
  readonly name: string;
}

/** What somebody shows with each request. Visitors keep theirs in the browser; agents get theirs as a link. */
export function passOf(secret: string, { kind, name }: Person): string {
  const mac = createHmac('sha256', secret).update(`${kind}:${name}`).digest('base64url');
  return `${kind}.${name}.${mac}`;
}

export function personOf(secret: string, pass: string): Person | undefined {
  const [kind, name = ''] = pass.split('.');
  if (kind !== 'visitor' && kind !== 'agent') return undefined;
  return areEqual(pass, passOf(secret, { kind, name })) ? { kind, name } : undefined;
}

function areEqual(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
