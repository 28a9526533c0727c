import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import type { Devices } from './devices.ts';

/** One device in so many milliseconds, unless there are too many for the time. */
const perDeviceMs = 5;
const stepMs = 50;
const longestDelayMs = 500;
/** How long a device that leaves may take to prove what it was given: a round trip, or an application that is busy. */
export const leaveProofMs = 2_000;
const lookMs = 20;

/** Closes connections at once; their devices come back on another server. */
export function closeGoingElsewhere(connections: Iterable<Connection>): void {
  for (const connection of [...connections]) connection.closeGoingElsewhere(goodbye());
}

/**
 * Closes all connections within `drainMs`, at a rate that the other servers can take, those with messages under way
 * last; each when it has proved what it was given. When the signal aborts, the rest follows at once.
 */
export async function drainDevices(devices: Devices, drainMs: number, signal: AbortSignal): Promise<void> {
  const { count } = devices;
  const steps = Math.ceil(Math.min(drainMs, count * perDeviceMs) / stepMs);
  const perStep = Math.ceil(count / Math.max(1, steps));
  for (let step = 0; step < steps && !signal.aborted; step++) {
    let closed = 0;
    for (const connection of [...devices.all]) {
      if (closed === perStep) break;
      if (!connection.takesMessages || connection.hasUnproven) continue;
      connection.leave(goodbye(), leaveProofMs);
      closed += 1;
    }
    await sleep(stepMs, undefined, { signal }).catch(() => undefined);
  }
  for (const connection of [...devices.all]) connection.leave(goodbye(), leaveProofMs);
  while (isAnyLeaving(devices)) await sleep(lookMs);
}

/** Comes to an end: a sweep closes those that take too long, in their login too. */
function isAnyLeaving(devices: Devices): boolean {
  for (const { state } of devices.all)
    if (state.kind === 'leaving' || state.kind === 'logging-in') return true;
  return false;
}

/** The hint spreads those out that are sent away in the same moment. */
function goodbye(): string {
  return `delay=${Math.floor(Math.random() * longestDelayMs)}`;
}
