import { randomBytes } from 'node:crypto';
import { nowUs } from './process-figures.ts';

/** Stands once in every payload of the benches, and nowhere else in what a server sends. */
export const marker = '|';
const payloadBytes = 128;

// No two messages are alike: Redis' Lua tells strings apart by some of their characters only.
const padding = randomBytes(48_000).toString('base64');
let paddingAt = 0;

/** 128 bytes of JSON that say when they were made. */
export function payload(): string {
  const start = `{"content":"${marker}${nowUs()};`;
  paddingAt = (paddingAt + 61) % (padding.length - payloadBytes);
  return `${start}${padding.slice(paddingAt, paddingAt + payloadBytes - 2 - start.length)}"}`;
}
