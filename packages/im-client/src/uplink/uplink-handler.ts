import { dataTextOf, type ReadUplink } from 'im-common/internal/bus';

/** What a device said to a service. */
export interface Uplink<Data = unknown> {
  /** The same for every repetition, and of nothing else: what must happen once is kept under it. */
  readonly id: string;
  /** Who says it, as the token says. */
  readonly user: string;
  readonly terminal: number;
  /** The session that the token names, if it does. */
  readonly session: string | undefined;
  /** Names the outbox that it comes from: a page, or an installation that keeps its outbox. */
  readonly outbox: string;
  /** Its number in that outbox, which rises; numbers are left out where a device gave something up. */
  readonly n: number;
  /** The device waits for what the handler returns. */
  readonly wantsReply: boolean;
  /** When a server took it, in epoch milliseconds. */
  readonly receivedAt: number;
  readonly data: Data;
  /** `data` as the device wrote it: integers beyond 2^53 and the order of keys are still there. */
  readonly dataText: string;
  /** 1, and one more for each time that the handler failed with it. */
  readonly attempt: number;
  /** Aborts when the handler takes too long, the client is closed, or another instance has taken over. */
  readonly signal: AbortSignal;
}

/** What the handler returns is the reply to a device that waits for one: anything that JSON can express. */
export type UplinkHandler<Data = unknown> = (uplink: Uplink<Data>) => unknown;

/** Thrown by a handler it is final: nothing is tried again, and the device is told the reason. */
export class UplinkRefusal extends Error {
  /** @param reason for the device to read */
  constructor(reason: string) {
    super(reason);
    this.name = 'UplinkRefusal';
  }
}

/** How handling one uplink ends: with what its device is told, if it waits for that; or for another instance to do. */
export type Handled =
  | { readonly kind: 'replied'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'left' };

export interface HandlingLimits {
  readonly retryDelaysMs: readonly number[];
  readonly listenerTimeoutMs: number;
}

export function uplinkOf(
  { sender, session, box, n, asks, at, data, text }: ReadUplink,
  call: { readonly attempt: number; readonly signal: AbortSignal },
): Uplink {
  return {
    id: `${sender.id}:${sender.terminal}:${box}:${n}`,
    user: sender.id,
    terminal: sender.terminal,
    session,
    outbox: box,
    n,
    wantsReply: asks,
    receivedAt: at,
    data,
    // Nearly nobody asks for it.
    get dataText() {
      return dataTextOf(text);
    },
    ...call,
  };
}
