import { randomBytes } from 'node:crypto';
import { addressKey, type DeviceAddress } from 'im-common';
import type { Registry } from 'im-common/bus';
import {
  encodeEntry,
  hasFeature,
  highList,
  messageList,
  serverGroup,
  type Entry,
  type Producer,
} from 'im-common/internal/bus';
import type { Connection } from '../device/connection.ts';
import type { Devices } from '../device/devices.ts';
import type { PushedMessage } from '../push/pushed-message.ts';
import { RecentOutcomes, type SharedOutcome } from './recent-outcomes.ts';
import { SharedDelivery } from './shared-delivery.ts';

export interface SeveralSessionsDeps {
  readonly devices: Pick<Devices, 'at'>;
  readonly producer: Pick<Producer, 'put'>;
  readonly registry: Pick<Registry, 'view'>;
  readonly serverId: () => number;
  /** How many sessions of a terminal may be in at once. */
  readonly mostAt: (terminal: number) => number;
  readonly isOn: boolean;
}

/**
 * Messages for addresses with several sessions (P-16.11). They come, as all do, to the server of the newest one, which gives
 * them to those that are here and puts a copy on the list of each other server that has some. Which those are the bus has said with
 * the login of the session that is the newest here: what came later has the route, and what went since takes no copy.
 */
export class SeveralSessions {
  readonly #deps: SeveralSessionsDeps;
  readonly #others = new Map<string, readonly number[]>();
  /** Addresses whose route may point here already, while the bus has not said yet where their other sessions are. */
  readonly #asking = new Map<string, number>();
  readonly #recent = new RecentOutcomes();
  /** Of the message that is being given: whom the others have to give it to. */
  #copies: Map<number, DeviceAddress[]> | undefined;
  /** Of messages that came without. */
  readonly #ids = new WeakMap<PushedMessage, string>();

  constructor(deps: SeveralSessionsDeps) {
    this.#deps = deps;
  }

  /** Some terminal may have several. */
  get isOn(): boolean {
    return this.#deps.isOn;
  }

  mayBeAt({ terminal }: DeviceAddress): boolean {
    return this.#deps.isOn && this.#deps.mostAt(terminal) > 1;
  }

  /** Whether it is for {@link give}. */
  concerns({ extras }: Entry, address: DeviceAddress): boolean {
    return extras?.also === true || this.mayBeAt(address);
  }

  /** A session is about to be written: from now on, until {@link learn} or {@link forget}, nobody knows where others are. */
  ask(address: DeviceAddress): void {
    if (!this.mayBeAt(address)) return;
    const key = keyOf(address);
    this.#asking.set(key, (this.#asking.get(key) ?? 0) + 1);
  }

  /** It is written, or it is known that it is not. */
  answered(address: DeviceAddress, others?: readonly number[]): void {
    if (!this.mayBeAt(address)) return;
    const key = keyOf(address);
    const asking = (this.#asking.get(key) ?? 0) - 1;
    if (asking > 0) this.#asking.set(key, asking);
    else this.#asking.delete(key);
    if (others) this.learn(address, others);
    else this.forgetIfGone(address);
  }

  learn(address: DeviceAddress, others: readonly number[]): void {
    if (others.length > 0) this.#others.set(keyOf(address), others);
    else this.#others.delete(keyOf(address));
  }

  /** Nobody is here any more. */
  forgetIfGone(address: DeviceAddress): void {
    const key = keyOf(address);
    if (!this.#asking.has(key) && this.#deps.devices.at(address).length === 0) this.#others.delete(key);
  }

  /** Gives the message to all sessions that are here and have not had it. False when it has to be looked for where there are some. */
  give(message: PushedMessage, address: DeviceAddress, hasHad: (connection: Connection) => boolean): boolean {
    const { entry } = message;
    const isCopy = entry.extras?.also === true;
    if (isCopy || entry.attempt > 1) {
      const name = this.#nameOf(message, address);
      if (this.#recent.has(name)) {
        this.#giveAgain(message, address, name, isCopy);
        return true;
      }
    }
    const here = this.#deps.devices.at(address).filter(({ takesMessages }) => takesMessages);
    const connections = here.filter((connection) => !hasHad(connection));
    if (connections.length === 0 && here.length > 0) {
      message.skip();
      return true;
    }
    if (isCopy) {
      if (connections.length === 0) message.skip();
      else this.#deliver(message, address, connections, this.#nameOf(message, address));
      return true;
    }
    if (connections.length === 0 || this.#asking.has(keyOf(address))) return false;
    const others = this.#othersOf(entry, address);
    for (const server of others) this.#copyTo(server, address);
    const name = others.length > 0 ? this.#nameOf(message, address) : undefined;
    this.#deliver(message, address, connections, name);
    return true;
  }

  /** To be called when the message was given to all of its receivers that are here. */
  sendCopies(message: PushedMessage): void {
    const copies = this.#copies;
    if (!copies) return;
    this.#copies = undefined;
    const { entry } = message;
    const { keepMost, keepMs, ...extras } = entry.extras ?? {};
    for (const [server, receivers] of copies) {
      const copy: Entry = {
        ...entry,
        messageId: this.#idOf(message),
        receivers,
        sendResult: false,
        serviceName: undefined,
        extras: { ...extras, also: true },
      };
      // A server that is gone has no sessions any more.
      this.#put(message, server, copy).catch(() => undefined);
    }
  }

  #deliver(
    message: PushedMessage,
    address: DeviceAddress,
    connections: readonly Connection[],
    name: string | undefined,
  ): void {
    const [only] = connections;
    if (connections.length === 1 && name === undefined) {
      only?.deliver(message, address);
      return;
    }
    if (name !== undefined) this.#recent.begin(name);
    const delivery = new SharedDelivery(message, connections.length, (outcome) => {
      const end = typeof outcome === 'string' ? missed : outcome;
      if (name !== undefined) this.#recent.end(name, end);
      if (outcome === 'skipped') message.skip();
      else if (outcome === 'missed' && message.entry.extras?.also !== true) message.missed(address);
      else this.#end(message, address, end);
    });
    for (const connection of connections) connection.deliver(delivery, address);
  }

  /** It was given to those who are here: how it ended there counts. */
  #giveAgain(message: PushedMessage, address: DeviceAddress, name: string, isCopy: boolean): void {
    if (isCopy) message.skip();
    else {
      this.#recent.whenEnded(name, (outcome) => {
        this.#end(message, address, outcome);
      });
    }
  }

  #end(message: PushedMessage, address: DeviceAddress, { stage, reason }: SharedOutcome): void {
    const { entry } = message;
    if (entry.extras?.also === true) message.skip();
    else if (reason === undefined) message.end(address, stage);
    else void this.#handOn(message, address, { stage, reason });
  }

  /** None of those who are here has proved it: another server may have one that did. */
  async #handOn(message: PushedMessage, address: DeviceAddress, outcome: SharedOutcome): Promise<void> {
    const { entry } = message;
    const isWanted = entry.sendResult || entry.extras?.keepMs !== undefined;
    const tried = [...(entry.extras?.tried ?? []), String(this.#deps.serverId())];
    for (const server of isWanted ? this.#serversOf(entry, address) : []) {
      if (tried.includes(String(server))) continue;
      const next: Entry = {
        ...entry,
        messageId: this.#idOf(message),
        receivers: [address],
        attempt: entry.attempt + 1,
        extras: { ...entry.extras, tried },
      };
      const put = await this.#put(message, server, next).catch(() => undefined);
      if (put?.status === 'put') {
        message.skip();
        return;
      }
      tried.push(String(server));
    }
    message.resolve(address, outcome.stage, outcome.reason);
  }

  async #put(message: PushedMessage, server: number, entry: Entry): ReturnType<Producer['put']> {
    const { producer, registry } = this.#deps;
    const { kind } = message.batch;
    // P-15.9. They are few, so the registry may be asked for each.
    const isHigh =
      entry.extras?.high === true && hasFeature(await registry.view(serverGroup), server, 'high');
    return producer.put(isHigh ? highList(server) : messageList(kind, server), encodeEntry(kind, entry));
  }

  /** Who has to be given a copy. */
  #othersOf(entry: Entry, address: DeviceAddress): readonly number[] {
    const hadCopies = entry.extras?.tried !== undefined;
    return hadCopies ? none : this.#serversOf(entry, address);
  }

  #serversOf({ attempt, everyoneOn, extras }: Entry, address: DeviceAddress): readonly number[] {
    // Each server gives such a message to its own.
    if (everyoneOn !== undefined || (extras?.topic !== undefined && attempt > 1)) return none;
    return this.#others.get(keyOf(address)) ?? none;
  }

  #copyTo(server: number, address: DeviceAddress): void {
    this.#copies ??= new Map();
    const receivers = this.#copies.get(server);
    if (receivers) receivers.push(address);
    else this.#copies.set(server, [address]);
  }

  #nameOf(message: PushedMessage, address: DeviceAddress): string {
    return `${this.#idOf(message)} ${keyOf(address)}`;
  }

  #idOf(message: PushedMessage): string {
    const own = message.entry.messageId ?? this.#ids.get(message);
    if (own !== undefined) return own;
    const id = `session-copy-${randomBytes(12).toString('base64url')}`;
    this.#ids.set(message, id);
    return id;
  }
}

const missed: SharedOutcome = { stage: 'queued', reason: 'NO_CHANNEL' };
const none: readonly number[] = [];

function keyOf({ id, terminal }: DeviceAddress): string {
  return addressKey(id, terminal);
}
