import type { Split } from './draw.ts';

/** Money in an envelope, for whoever of a conversation takes a share of it. Times are epoch milliseconds. */
export interface RedPacket {
  /** Nobody guesses it: who has it was in the conversation, or was told by somebody who is. */
  readonly id: string;
  readonly senderId: number;
  readonly conversation: string;
  readonly amount: number;
  readonly shares: number;
  readonly split: Split;
  readonly greeting: string;
  /** Of each share, in the order in which they are taken. */
  readonly amounts: readonly number[];
  readonly taken: number;
  readonly takenAmount: number;
  readonly createdTime: number;
  readonly endTime: number;
  /** When what is left goes back; null: nothing is left, or it went back. */
  readonly dueTime: number | null;
  readonly refunded: number | null;
  readonly closedTime: number | null;
  readonly asked: string;
}

/** A share that was taken. */
export interface Grab {
  readonly packetId: string;
  /** 0, 1, 2 … in the order in which they were taken. */
  readonly position: number;
  readonly userId: number;
  readonly amount: number;
  readonly createdTime: number;
}

/** `open`: there are shares. `empty`: all were taken. `over`: its time was over before that. */
export type RedPacketState = 'open' | 'empty' | 'over';

export function stateOf({ taken, shares, endTime, dueTime }: RedPacket, now = Date.now()): RedPacketState {
  if (taken === shares) return 'empty';
  return dueTime === null || endTime <= now ? 'over' : 'open';
}

/** The account of what is in it. */
export function packetAccount(id: string): string {
  return `packet:${id}`;
}

/** What a message says that has one: `custom.name`. Nobody else may say it. */
export const redPacketName = 'im.red-packet';
