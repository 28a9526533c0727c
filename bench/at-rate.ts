import { setTimeout as sleep } from 'node:timers/promises';
import { nowUs } from './process-figures.ts';

/** Calls `send` with 0, 1, 2 … at a steady rate; what a late timer owes is sent at once. */
export async function atRate(
  perSecond: number,
  messages: number,
  send: (index: number) => void,
): Promise<void> {
  const startedAt = nowUs();
  for (let sent = 0; sent < messages;) {
    const due = Math.min(messages, Math.floor(((nowUs() - startedAt) * perSecond) / 1e6));
    for (; sent < due; sent += 1) send(sent);
    await sleep(1);
  }
}
