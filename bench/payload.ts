import { marker } from './swarm/wires.ts';
import { nowUs } from './process-figures.ts';

const payloadBytes = 128;

/** 128 bytes of JSON that say when they were made. */
export function payload(): string {
  const start = `{"content":"${marker}${nowUs()};`;
  return `${start}${padding.slice(0, payloadBytes - 2 - start.length)}"}`;
}

const padding = 'x'.repeat(payloadBytes);
