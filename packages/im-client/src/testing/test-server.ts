import { addressKey, Command, messageKinds, type DeviceAddress, type MessageKind } from 'im-common';
import type { Bus, ByteText, Taken } from 'im-common/bus';
import {
  commandOfCall,
  consume,
  count,
  decodeEntry,
  decodeForceLogout,
  encodeCounted,
  encodeKeptResult,
  encodeLastResult,
  encodeResults,
  encodeServerInfo,
  errorMember,
  forceLogoutList,
  fromByteText,
  highList,
  kindOfEntry,
  messageList,
  quoted,
  replyList,
  resultList,
  routeTtlMs,
  serverGroup,
  toByteText,
  type Clock,
  type Entry,
  type Outcome,
  type Timer,
} from 'im-common/internal/bus';
import type { ReceivedMessage, TestDevice, TestServerOfDevice } from './test-device.ts';

/** A message that was taken, and the receivers whose outcome is still to come. */
interface Pending {
  readonly kind: MessageKind;
  readonly entry: Entry;
  readonly open: Set<DeviceAddress>;
}

const longLeaseMs = 1e12;
const mostPerTake = 1_000;
const boot = 'test';

/** A push server whose devices are objects of the test: it takes entries off its lists, and puts what became of them. */
export class TestServer implements TestServerOfDevice {
  readonly id: number;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #devices = new Map<string, TestDevice>();
  readonly #pending = new Set<Pending>();
  readonly #closing = new AbortController();
  readonly #loops: Promise<void>[];
  #refreshing: Timer | undefined;
  #ready: Promise<void> = Promise.resolve();
  #batchNumber = 0;

  constructor(bus: Bus, clock: Clock, id: number) {
    this.#bus = bus;
    this.#clock = clock;
    this.id = id;
    const info = encodeServerInfo({
      ...{ address: `ws://test-server-${id}/im`, connections: 0, draining: false, startedAt: 0 },
      features: ['topics', 'requests', 'high', 'keep'],
    });
    void bus.registry.renew(serverGroup, { id: String(id), boot, leaseMs: longLeaseMs, info });
    this.#loops = [
      ...messageKinds.map((kind) => this.#consume(messageList(kind, id), (text) => this.#take(kind, text))),
      this.#consume(highList(id), (text) => this.#take(kindOfEntry(text) ?? 'private', text)),
      this.#consume(forceLogoutList(id), (text) => this.#logOut(text)),
    ];
    this.#refreshLater();
  }

  /** Resolves when those who have connected are where senders find them. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  connect(device: TestDevice): void {
    this.#devices.set(addressKey(device.id, device.terminal), device);
    // On this bus it has taken effect when it returns.
    void this.#bus.presence.bind(device, this.id);
    this.#ready = Promise.all([this.#ready, this.#tellTopics([device.id]), this.#giveKept(device)]).then(
      () => undefined,
    );
  }

  disconnect(device: TestDevice): void {
    this.#devices.delete(addressKey(device.id, device.terminal));
    void this.#bus.presence.unbind(device, this.id);
  }

  /** As by kill -9: its devices are offline, and what they had not answered is reported by who takes over. */
  async die(): Promise<void> {
    const routes = [...this.#devices.values()].map((address) => ({ address, serverId: this.id }));
    for (const device of this.#devices.values()) device.lose();
    this.#devices.clear();
    void this.#bus.presence.unbindAll(routes);
    for (const kind of messageKinds) void this.#bus.lists.closeList(messageList(kind, this.id));
    void this.#bus.lists.closeList(highList(this.id));
    void this.#bus.lists.closeList(forceLogoutList(this.id));
    void this.#bus.registry.leave(serverGroup, String(this.id), boot);
    for (const pending of this.#pending) {
      const outcomes = [...pending.open].map((address): Outcome => ({
        address,
        stage: 'queued',
        reason: 'SERVER_LOST',
      }));
      await this.#report(pending, outcomes);
    }
    await this.close();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#refreshing?.stop();
    await Promise.all(this.#loops);
  }

  #consume(list: string, handle: (text: ByteText) => Promise<void>): Promise<void> {
    const { lists } = this.#bus;
    const consumer = `test-server-${this.id}`;
    const { signal } = this.#closing;
    return consume(
      lists,
      { list, consumer, maxBatch: mostPerTake, signal, onUnknown: () => Promise.resolve(true) },
      async (batch: readonly Taken[]) => {
        for (const { text } of batch) await handle(text);
        await lists.acknowledge(
          list,
          consumer,
          batch.map(({ seq }) => seq),
        );
      },
    );
  }

  async #take(kind: MessageKind, text: ByteText): Promise<void> {
    if (commandOfCall(text) === Command.REQUEST) {
      void this.#ask(decodeEntry(text));
      return;
    }
    const entry = decodeEntry(text);
    const { joins, leaves } = entry.extras ?? {};
    if (joins || leaves) return; // It asks the bus who is in a topic.
    const receivers = await this.#receiversOf(entry);
    const pending: Pending = { kind, entry, open: new Set(receivers) };
    this.#pending.add(pending);
    const outcomes = receivers.flatMap((address) => this.#answerOf(pending, address) ?? []);
    await this.#report(pending, outcomes);
  }

  async #receiversOf({ everyoneOn, extras, receivers }: Entry): Promise<readonly DeviceAddress[]> {
    const { topic, except = [] } = extras ?? {};
    if (!everyoneOn && topic === undefined) return receivers;
    const here = [...this.#devices.values()]
      .filter(({ terminal }) => everyoneOn?.includes(terminal) ?? true)
      .map(({ id, terminal }) => ({ id, terminal }));
    if (topic === undefined) return here;
    const topics = await this.#bus.topics.of(here.map(({ id }) => id));
    return here.filter(({ id, terminal }, index) => {
      return topics[index]?.has(topic) && !except.includes(`${id}:${terminal}`);
    });
  }

  /** Undefined: not now, or never. */
  #answerOf(pending: Pending, address: DeviceAddress): Outcome | undefined {
    const device = this.#devices.get(addressKey(address.id, address.terminal));
    if (!device) return { address, stage: 'queued', reason: 'NO_CHANNEL' };
    const { answers, afterMs, stage } = device.currentScript;
    if (answers === 'silence') return undefined;
    const answer = (): Outcome => {
      if (!device.isOnline) return { address, stage: 'written', reason: 'CLOSED_BEFORE_PROOF' };
      if (answers !== 'success') return { address, stage, reason: answers };
      device.received.push(messageOf(pending.kind, pending.entry));
      return { address, stage };
    };
    if (afterMs === 0) return answer();
    this.#clock.after(afterMs, () => {
      if (pending.open.has(address)) void this.#report(pending, [answer()]);
    });
    return undefined;
  }

  async #report(pending: Pending, outcomes: readonly Outcome[]): Promise<void> {
    const { kind, entry, open } = pending;
    for (const { address } of outcomes) open.delete(address);
    if (open.size === 0) this.#pending.delete(pending);
    const { serviceName } = entry;
    if (!entry.sendResult || serviceName === undefined) return;
    const handling = { serverId: this.id, takenAt: Date.now(), resolvedAt: Date.now() };
    const { topic, trackMembers } = entry.extras ?? {};
    const isCounted = topic !== undefined && trackMembers !== true;
    const texts = isCounted
      ? count(outcomes).map((counted) => encodeCounted(entry, counted, handling))
      : encodeResults(kind, entry, outcomes, handling);
    const isToUnnamed = topic !== undefined || entry.everyoneOn !== undefined;
    if (isToUnnamed && open.size === 0) texts.push(encodeLastResult(entry, handling));
    if (texts.length > 0) await this.#put(resultList(kind, serviceName), texts);
  }

  /** Of a message that waited for a device. It is of no instance, as the one that sent it may be gone. */
  async #giveKept(device: TestDevice): Promise<void> {
    const { kept } = this.#bus;
    const address = { id: device.id, terminal: device.terminal };
    for (const { id, text } of await kept.take(address, mostPerTake, Infinity)) {
      const { answers, stage } = device.currentScript;
      if (answers !== 'success') return;
      const entry = decodeEntry(text);
      const kind = kindOfEntry(text) ?? 'private';
      device.received.push(messageOf(kind, entry));
      await kept.acknowledge(address, [id]);
      const [service] = entry.serviceName?.split('@') ?? [];
      if (service === undefined) continue;
      const result = encodeKeptResult(kind, entry, { address, stage }, { serverId: this.id });
      await this.#put(resultList('kept', service), [result]);
    }
  }

  async #ask({ dataText, messageId = '', receivers: [address], serviceName = '' }: Entry): Promise<void> {
    const device = address && this.#devices.get(addressKey(address.id, address.terminal));
    const reply = (members: string): Promise<void> =>
      this.#put(replyList(serviceName), [toByteText(`{"r":${quoted(messageId)},${members}}`)]);
    if (!device) return reply(`${errorMember('NO_CHANNEL')},"by":"server"`);
    const { answers, afterMs } = device.currentScript;
    if (answers === 'silence') return;
    if (!device.requestHandler) return reply(fromByteText(errorMember('NO_HANDLER')));
    if (afterMs > 0) await new Promise<void>((resolve) => this.#clock.after(afterMs, resolve));
    try {
      const value = await device.requestHandler(JSON.parse(fromByteText(dataText)));
      await reply(`"data":${JSON.stringify(value ?? null)}`);
    } catch (error) {
      await reply(fromByteText(errorMember('FAILED', String(error))));
    }
  }

  #logOut(text: ByteText): Promise<void> {
    const { address, words } = decodeForceLogout(text);
    const device = this.#devices.get(addressKey(address.id, address.terminal));
    if (device) {
      device.disconnect();
      device.loggedOut = { reason: words ?? '' };
    }
    return Promise.resolve();
  }

  /** Routes and what is known of topics end when nobody says them again. */
  #refreshLater(): void {
    this.#refreshing = this.#clock.after(routeTtlMs / 2, () => {
      const devices = [...this.#devices.values()];
      void this.#bus.presence.refresh(devices, this.id);
      void this.#tellTopics(devices.map(({ id }) => id));
      this.#refreshLater();
    });
  }

  async #tellTopics(userIds: readonly string[]): Promise<void> {
    const topics = await this.#bus.topics.of(userIds);
    const names = new Set(topics.flatMap((ofUser) => [...ofUser.keys()]));
    for (const name of names) await this.#bus.topics.tell(name, [this.id]);
  }

  async #put(list: string, entries: readonly ByteText[]): Promise<void> {
    this.#batchNumber += 1;
    await this.#bus.lists.put(list, {
      ...{ entries, producer: `test-server-${this.id}`, batchNumber: this.#batchNumber },
      ...{ maxLength: 1_000_000, whenFull: 'drop-oldest' },
    });
  }
}

function messageOf(kind: MessageKind, { dataText, messageId, senderText }: Entry): ReceivedMessage {
  return {
    kind,
    data: JSON.parse(fromByteText(dataText)) as unknown,
    ...(senderText !== undefined && { sender: senderOf(senderText) }),
    ...(messageId !== undefined && { messageId }),
  };
}

/** As our own client writes it. */
function senderOf(text: ByteText): DeviceAddress {
  const { id, terminal } = JSON.parse(fromByteText(text)) as { id: string | number; terminal: number };
  return { id: String(id), terminal };
}
