import { setTimeout as sleep } from 'node:timers/promises';
import { CloseCode } from 'im-common';
import type { Connection } from './connection.ts';
import type { Devices } from './devices.ts';

/** One device in so many milliseconds, unless there are too many for the time. */
const perDeviceMs = 5;
const stepMs = 50;
const longestDelayMs = 500;

/** Tells devices to come back on another server. */
export function sendAway(connections: Iterable<Connection>): void {
  for (const connection of [...connections]) {
    // The hint spreads those out that were sent away in the same moment.
    const reason = `delay=${Math.floor(Math.random() * longestDelayMs)}`;
    connection.end(CloseCode.GOING_ELSEWHERE, reason, 'CLOSED_BEFORE_PROOF');
  }
}

/**
 * Sends all devices away within `drainMs`, at a rate that the other servers can take, those with messages under way
 * last. When the signal aborts, the rest goes at once.
 */
export async function sendAllAway(devices: Devices, drainMs: number, signal: AbortSignal): Promise<void> {
  const { count } = devices;
  const steps = Math.ceil(Math.min(drainMs, count * perDeviceMs) / stepMs);
  const perStep = Math.ceil(count / Math.max(1, steps));
  for (let step = 0; step < steps && !signal.aborted; step++) {
    const away: Connection[] = [];
    for (const connection of devices.all) {
      if (away.length === perStep) break;
      if (connection.takesMessages && !connection.hasUnproven) away.push(connection);
    }
    sendAway(away);
    await sleep(stepMs, undefined, { signal }).catch(() => undefined);
  }
  sendAway(devices.all);
}
