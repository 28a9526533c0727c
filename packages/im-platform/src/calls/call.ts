/** A call that rings or goes on. */
export interface Call {
  readonly id: number;
  readonly mode: CallMode;
  readonly callerId: number;
  readonly callerTerminal: number;
  readonly callerBusyUntil: number;
  readonly acceptorId: number;
  /** Null: it rings, on all terminals. */
  readonly acceptorTerminal: number | null;
  readonly acceptorBusyUntil: number;
  readonly answeredTime: number | null;
  readonly expiresAt: number;
}

export const callModes = ['video', 'voice'] as const;
export type CallMode = (typeof callModes)[number];

/** The end of the line that somebody is at. */
export type Side = 'caller' | 'acceptor';

/** At which end a terminal of a user is. While it rings every terminal of the one who is called may answer; afterwards only the two that talk belong to the call. */
export function sideOf(call: Call, who: { userId: number; terminal: number }): Side | undefined {
  if (who.userId === call.callerId) return who.terminal === call.callerTerminal ? 'caller' : undefined;
  if (who.userId !== call.acceptorId) return undefined;
  return call.acceptorTerminal === null || call.acceptorTerminal === who.terminal ? 'acceptor' : undefined;
}

/** Who is at the other end, and on which terminals; undefined: all of them. */
export function otherEnd(call: Call, side: Side): { to: number; terminals: readonly number[] | undefined } {
  if (side === 'acceptor') return { to: call.callerId, terminals: [call.callerTerminal] };
  const { acceptorId, acceptorTerminal } = call;
  return { to: acceptorId, terminals: acceptorTerminal === null ? undefined : [acceptorTerminal] };
}

export function isBusyIn(call: Call, userId: number, now: number): boolean {
  if (call.expiresAt <= now) return false;
  return (
    (call.callerId === userId && call.callerBusyUntil > now) ||
    (call.acceptorId === userId && call.acceptorBusyUntil > now)
  );
}

/** `01:05`; the minutes of a long call go on beyond 59. */
export function durationText(call: Call, now: number): string {
  const seconds = call.answeredTime === null ? 0 : Math.max(0, Math.floor((now - call.answeredTime) / 1_000));
  return [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
