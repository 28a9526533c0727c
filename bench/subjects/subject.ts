import type { WireName } from '../swarm/wires.ts';

/** A server under test, with the backend's way of giving it messages. */
export interface Subject {
  readonly name: string;
  /** Of the process whose CPU time and memory count. */
  readonly pid: number;
  readonly port: number;
  readonly wire: WireName;
  /** One message each to `count` users in turn, as fast as it goes. Resolves with when the server could begin, in microseconds. */
  unicast(count: number, users: number): Promise<number | undefined>;
  /** One message to this user, by a call of its own. */
  unicastOne(user: number): void;
  /** `count` messages to all of the users 1 to `users`. */
  fanout(count: number, users: number): Promise<void>;
  /** Between two rounds. */
  clean(): Promise<void>;
  stop(): Promise<void>;
}

/** Calls `send` with slices of the users in turn, awaiting each. */
export async function inTurn(
  count: number,
  users: number,
  slice: number,
  send: (users: readonly number[]) => Promise<unknown>,
): Promise<undefined> {
  for (let sent = 0; sent < count; sent += slice) {
    await send(
      Array.from({ length: Math.min(slice, count - sent) }, (_, index) => ((sent + index) % users) + 1),
    );
  }
  return undefined;
}
