import type { MessageKind } from 'im-common';
import type { Bus, ByteText, Reason } from 'im-common/bus';
import {
  decodeEntry,
  encodeLastResult,
  encodeResults,
  encodeServerInfo,
  type ServerInfo,
  forceLogoutList,
  fromByteText,
  messageList,
  resultList,
  serverGroup,
  toByteText,
  type Entry,
  type Outcome,
  type Handling,
} from 'im-common/internal/bus';

let batchNumber = 0;

/** Puts texts on a list, as any producer may. */
export async function put(bus: Bus, list: string, ...texts: string[]): Promise<string> {
  batchNumber += 1;
  const { status } = await bus.lists.put(list, {
    entries: texts.map(toByteText),
    producer: `test-${process.pid}`,
    batchNumber,
    maxLength: 1_000_000,
    whenFull: 'refuse',
  });
  return status;
}

/** Takes the next `count` texts off a list, waiting for them. */
export async function takeFrom(bus: Bus, list: string, count = 1): Promise<string[]> {
  const consumer = `test-${(batchNumber += 1)}`;
  const texts: string[] = [];
  let seen = 0;
  await bus.lists.open(list, consumer);
  while (texts.length < count) {
    const taken = (await bus.lists.take(list, consumer, seen, count - texts.length)) ?? [];
    for (const { seq, text } of taken) {
      seen = seq;
      texts.push(fromByteText(text));
    }
    if (taken.length === 0) await bus.lists.wait(list, 1_000, new AbortController().signal);
  }
  await bus.lists.acknowledge(
    list,
    consumer,
    Array.from({ length: seen }, (_, index) => index + 1),
  );
  await bus.lists.requeue(list, consumer);
  return texts;
}

/** A push server as far as a client can tell: a lease, routes, lists that it takes from, results that it puts. */
export class ScriptedServer {
  readonly id: number;
  readonly #bus: Bus;
  readonly #boot = 'boot';

  private constructor(bus: Bus, id: number) {
    this.#bus = bus;
    this.id = id;
  }

  static async start(bus: Bus, leaseMs: number): Promise<ScriptedServer> {
    const server = new ScriptedServer(bus, await bus.registry.nextServerId());
    await server.announce({ leaseMs });
    return server;
  }

  /** A box-im server: it has routes and lists, and no lease. */
  static async java(bus: Bus): Promise<ScriptedServer> {
    return new ScriptedServer(bus, await bus.registry.nextServerId());
  }

  async announce({
    connections = 0,
    draining = false,
    features = [],
    leaseMs = 60_000,
  }: Partial<ServerInfo> & { leaseMs?: number } = {}): Promise<void> {
    const address = `ws://server-${this.id}/im`;
    const info = encodeServerInfo({ address, connections, draining, features, startedAt: 0 });
    await this.#bus.registry.renew(serverGroup, { id: String(this.id), boot: this.#boot, leaseMs, info });
  }

  /** A device of the user logs in here. */
  async connect(id: string, terminal = 0): Promise<void> {
    await this.#bus.presence.bind({ id, terminal }, this.id);
  }

  async disconnect(id: string, terminal = 0): Promise<void> {
    await this.#bus.presence.unbind({ id, terminal }, this.id);
  }

  /** It goes in order: its lists are closed and it leaves the registry. */
  async leave(): Promise<void> {
    for (const kind of ['private', 'group', 'system'] as const) {
      await this.#bus.lists.closeList(messageList(kind, this.id));
    }
    await this.#bus.lists.closeList(forceLogoutList(this.id));
    await this.#bus.registry.leave(serverGroup, String(this.id), this.#boot);
  }

  /** Only closes a list, as in the first moment of a drain. */
  async closeList(kind: MessageKind): Promise<void> {
    await this.#bus.lists.closeList(messageList(kind, this.id));
  }

  async takeTexts(kind: MessageKind, count = 1): Promise<string[]> {
    return takeFrom(this.#bus, messageList(kind, this.id), count);
  }

  async takeForceLogouts(count = 1): Promise<string[]> {
    return takeFrom(this.#bus, forceLogoutList(this.id), count);
  }

  async take(kind: MessageKind, count = 1): Promise<Entry[]> {
    return (await this.takeTexts(kind, count)).map((text) => decodeEntry(toByteText(text)));
  }

  async waitingEntries(kind: MessageKind): Promise<number> {
    return this.#bus.lists.length(messageList(kind, this.id));
  }

  /** Posts results for all receivers of the entry: success, or the reason. */
  async answer(kind: MessageKind, entry: Entry, reason?: Reason): Promise<void> {
    await this.answerWith(
      kind,
      entry,
      entry.receivers.map((address) => outcome(address, reason)),
    );
  }

  async answerWith(kind: MessageKind, entry: Entry, outcomes: readonly Outcome[]): Promise<void> {
    await this.#post(kind, entry, encodeResults(kind, entry, outcomes, this.#handling()));
  }

  /** The end of a push to everyone. */
  async answerLast(entry: Entry): Promise<void> {
    await this.#post('system', entry, [encodeLastResult(entry, this.#handling())]);
  }

  /** Takes the next entry and answers it. */
  async serve(kind: MessageKind, reason?: Reason): Promise<Entry> {
    const [entry] = await this.take(kind);
    await this.answer(kind, entry!, reason);
    return entry!;
  }

  async #post(kind: MessageKind, entry: Entry, texts: readonly ByteText[]): Promise<void> {
    await put(
      this.#bus,
      resultList(kind, entry.serviceName ?? 'null'),
      ...texts.map((text) => fromByteText(text)),
    );
  }

  #handling(): Handling {
    const now = Date.now();
    return { serverId: this.id, takenAt: now, resolvedAt: now };
  }
}

export function outcome(address: { id: string; terminal: number }, reason?: Reason): Outcome {
  return { address, stage: reason === undefined ? 'proved' : 'queued', reason };
}
