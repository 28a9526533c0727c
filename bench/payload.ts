import { nowUs } from './process-figures.ts';

/** Stands once in every payload of the benches, and nowhere else in what a server sends. */
export const marker = '|';
const payloadBytes = 128;

/** 128 bytes of JSON that say when they were made. */
export function payload(): string {
  const start = `{"content":"${marker}${nowUs()};`;
  return `${start}${padding.slice(0, payloadBytes - 2 - start.length)}"}`;
}

const padding = 'x'.repeat(payloadBytes);
