import type { PresenceNote } from 'im-common/internal/bus';
import type { ListenerOptions } from '../options.ts';

/** A device logged in, or is gone. */
export interface PresenceChange {
  readonly event: 'came' | 'went';
  readonly userId: string;
  readonly terminal: number;
  /**
   * Rises with everything that happens at this user and terminal, on whichever server: what comes with a number that is not
   * above the last one is old news, or came before.
   */
  readonly number: number;
  /** Whether the user is online on this terminal now. */
  readonly online: boolean;
  /** How many sessions are open there now. */
  readonly sessions: number;
  /** Names the session that began or ended. */
  readonly session: string;
  readonly server: number;
  /** When it began, in epoch milliseconds. */
  readonly since: number | undefined;
  /** When this happened, or was noticed. */
  readonly at: number;
  /** Of one that went: the close code (PROTOCOL.md, P-4), where its server saw the end. */
  readonly code: number | undefined;
}

/** Forget who is online: everyone who is follows as `came`. */
export interface PresenceRestart {
  readonly event: 'restart';
}

export type PresenceEvent = PresenceChange | PresenceRestart;

export interface PresenceContext {
  /** Aborts when the listener takes too long, or the client is closed. */
  readonly signal: AbortSignal;
  /** 1, and one more for each time that this batch failed. */
  readonly attempt: number;
}

/**
 * Called with up to some thousand events at a time, one call after the other. To throw, reject or take too long means:
 * call me again with these, until it works.
 */
export type PresenceHandler = (events: PresenceEvent[], context: PresenceContext) => unknown;

export interface PresenceListenerOptions extends ListenerOptions {
  /**
   * Goes on where this service left off, within ten minutes, instead of with a `restart`: for a listener that keeps what it
   * is told outside of its process. @default false
   */
  readonly resume?: boolean | undefined;
}

export function eventOf({ at, code, event, session, standing }: PresenceNote): PresenceChange {
  const { address, id, serverId, since } = session;
  return {
    event,
    userId: address.id,
    terminal: address.terminal,
    number: standing.number,
    online: standing.open > 0,
    sessions: standing.open,
    session: id,
    server: serverId,
    since,
    at,
    code,
  };
}
