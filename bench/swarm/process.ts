// A process full of devices, told over IPC what to do. Counts what arrives, and measures how old it is.
import { once } from 'node:events';
import { RawSocket } from './raw-socket.ts';
import { marker } from '../payload.ts';
import { wires, type WireName } from './wires.ts';

export type SwarmOrder =
  | {
      readonly do: 'open';
      readonly group: string;
      readonly wire: WireName;
      readonly port: number;
      readonly users: readonly number[];
      readonly localAddress: string;
    }
  | { readonly do: 'expect'; readonly group: string; readonly count: number }
  | { readonly do: 'wait'; readonly group: string }
  | { readonly do: 'time'; readonly group: string; readonly on: boolean }
  | { readonly do: 'close'; readonly group: string };

export interface SwarmAnswer {
  readonly id: number;
  readonly error?: string;
  /** Microseconds from stamp to arrival, in the order of arrival. */
  readonly latencies?: readonly number[];
  /** When it was done, on the clock that all processes share. */
  readonly at: number;
}

class Group {
  readonly sockets: RawSocket[] = [];
  latencies: number[] | undefined;
  lost = 0;
  /** Resolves when as many have arrived as were expected. */
  all: Promise<void> = Promise.resolve();
  #arrived = 0;
  #expected = Infinity;
  #whenAll: (() => void) | undefined;

  expect(count: number): void {
    this.#arrived = 0;
    this.#expected = count;
    this.all = new Promise((resolve) => (this.#whenAll = resolve));
  }

  readonly onMessages = (count: number, chunk: Buffer, start: number, end: number): void => {
    if (this.latencies) this.latencies.push(nowUs() - stampIn(chunk, start, end));
    this.#arrived += count;
    if (this.#arrived < this.#expected) return;
    this.#expected = Infinity;
    this.#whenAll?.();
  };
}

/** CLOCK_MONOTONIC, which every process on the machine reads alike. */
function nowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

const markerByte = marker.charCodeAt(0);

function stampIn(chunk: Buffer, start: number, end: number): number {
  const at = chunk.indexOf(markerByte, start);
  return Number.parseInt(chunk.toString('latin1', at + 1, Math.min(end, at + 20)), 10);
}

const groups = new Map<string, Group>();
/** Handshakes under way at a time: a listening socket's queue holds few. */
const openingAtOnce = 64;

async function open(order: Extract<SwarmOrder, { do: 'open' }>): Promise<void> {
  const group = groups.get(order.group) ?? new Group();
  groups.set(order.group, group);
  const users = [...order.users];
  const { promise: failed, reject } = withReject();
  const openOneByOne = async (): Promise<void> => {
    for (let user = users.shift(); user !== undefined; user = users.shift()) {
      const { port, localAddress } = order;
      const wire = wires[order.wire];
      const onLost = (problem: string): void => {
        reject(new Error(`${order.group}: a device was lost: ${problem}`));
        if (group.lost === 0 && groups.has(order.group))
          console.error(`${order.group}: device lost: ${problem}`);
        group.lost += 1;
      };
      const socket = new RawSocket({ wire, port, user, localAddress, onMessages: group.onMessages, onLost });
      group.sockets.push(socket);
      await socket.ready;
    }
  };
  await Promise.race([failed, Promise.all(Array.from({ length: openingAtOnce }, openOneByOne))]);
}

function withReject(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, rejectIt) => (reject = rejectIt));
  promise.catch(() => undefined); // devices that are lost later have no one waiting
  return { promise, reject };
}

async function obey(order: SwarmOrder): Promise<Pick<SwarmAnswer, 'latencies'>> {
  if (order.do === 'open') {
    await open(order);
    return {};
  }
  const group = groups.get(order.group);
  if (!group) throw new Error(`No group ${order.group}`);
  switch (order.do) {
    case 'expect':
      group.expect(order.count);
      return {};
    case 'wait':
      await group.all;
      return {};
    case 'time': {
      const latencies = group.latencies ?? [];
      group.latencies = order.on ? [] : undefined;
      return { latencies };
    }
    case 'close':
      groups.delete(order.group);
      for (const socket of group.sockets) socket.close();
      return {};
  }
}

process.on('message', ({ id, ...order }: SwarmOrder & { id: number }) => {
  obey(order).then(
    (answer) => process.send?.({ id, at: nowUs(), ...answer }),
    (error: unknown) => process.send?.({ id, at: nowUs(), error: String(error) }),
  );
});
await once(process, 'disconnect');
process.exit(0);
