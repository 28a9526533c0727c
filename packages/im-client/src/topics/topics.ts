import type { UserId } from 'im-common';
import type { Bus, ByteText, TopicChange } from 'im-common/bus';
import {
  encodeEntry,
  messageList,
  type Entry,
  type EntryExtras,
  type Producer,
} from 'im-common/internal/bus';
import { Repeater } from '../bus/repeater.ts';
import type { Calls } from '../calls/calls.ts';
import { addressesOf, checkId, checkIds, checkTopic, refuse } from '../checks/arguments.ts';
import type { Locator } from '../locate/locator.ts';
import { otherSessions } from './other-sessions.ts';

export interface TopicsDeps {
  readonly bus: Bus;
  readonly calls: Pick<Calls, 'ask'>;
  readonly locator: Locator;
  readonly producer: Pick<Producer, 'put'>;
  readonly options: { readonly terminals: readonly number[]; readonly sendTimeoutMs: number };
}

/** What became of a change of a topic. */
export interface TopicChangeReceipt {
  /** Users who are not in it, as they are in 1,000 topics already. */
  readonly refused: readonly string[];
}

/** One page of the members of a topic who are connected. */
export interface OnlinePage {
  readonly userIds: readonly string[];
  /** For the next page; undefined on the last one. */
  readonly next: string | undefined;
}

/** So many users go with one call, and with one order to a server. */
const usersAtOnce = 1_000;

/**
 * Named sets of users that the transport knows: a message to one costs an entry for each server, whatever its size. The service that
 * owns the memberships declares them here.
 */
export class Topics {
  readonly #deps: TopicsDeps;
  readonly #repeater: Repeater;

  /** @internal */
  constructor(deps: TopicsDeps) {
    this.#deps = deps;
    this.#repeater = new Repeater(deps.options.sendTimeoutMs);
  }

  /** Puts users into a topic. What is sent to it when this has resolved reaches them too. May be repeated. */
  add(topic: string, userIds: readonly UserId[]): Promise<TopicChangeReceipt> {
    const name = checkTopic(topic);
    const ids = checkIds('userIds', userIds);
    return this.#ask(ids.length, () => this.#change(name, ids, 'joins'));
  }

  /**
   * Takes users out of a topic. What is sent to it when this has resolved does not reach them. May be repeated.
   */
  async remove(topic: string, userIds: readonly UserId[]): Promise<void> {
    const name = checkTopic(topic);
    const ids = checkIds('userIds', userIds);
    await this.#ask(ids.length, () => this.#change(name, ids, 'leaves'));
  }

  /**
   * Says who is in a topic, and that nobody else is. A member that is added meanwhile may stay. For the start, and when the bus has lost its
   * memory (event `busForgot`).
   */
  replace(topic: string, userIds: readonly UserId[]): Promise<TopicChangeReceipt> {
    const name = checkTopic(topic);
    const ids = checkIds('userIds', userIds);
    return this.#ask(ids.length, async () => {
      const wanted = new Set(ids);
      const others: string[] = [];
      for await (const page of this.#pages(name)) others.push(...page.filter((id) => !wanted.has(id)));
      if (others.length > 0) await this.#change(name, others, 'leaves');
      return this.#change(name, ids, 'joins');
    });
  }

  /** The topics that a user is in. */
  topicsOf(userId: UserId): Promise<string[]> {
    const id = checkId('userId', userId);
    return this.#ask(1, async () => {
      const [topics] = await this.#repeater.run(() => this.#deps.bus.topics.of([id]));
      return [...(topics?.keys() ?? [])];
    });
  }

  /** Members who are connected, some hundreds at a time: pass `next` of a page to get the one after it. A user may come twice. */
  online(topic: string, next?: string): Promise<OnlinePage> {
    const name = checkTopic(topic);
    if (next !== undefined && !/^\d{1,20}$/.test(next)) refuse('next', next, 'what the page before gave');
    return this.#ask(usersAtOnce, async () => {
      const { bus } = this.#deps;
      const page = await this.#repeater.run(() => bus.topics.members(name, next));
      return { userIds: await this.#onlineOf(page.userIds), next: page.next };
    });
  }

  /** How many members are connected. */
  async countOnline(topic: string): Promise<number> {
    const online = new Set<string>();
    for (let next: string | undefined; ;) {
      const page = await this.online(topic, next);
      for (const userId of page.userIds) online.add(userId);
      if (page.next === undefined) return online.size;
      next = page.next;
    }
  }

  async #change(
    topic: string,
    userIds: readonly string[],
    how: 'joins' | 'leaves',
  ): Promise<TopicChangeReceipt> {
    const refused: string[] = [];
    for (let first = 0; first < userIds.length; first += usersAtOnce) {
      const some = userIds.slice(first, first + usersAtOnce);
      refused.push(...(await this.#changeSome(topic, some, how)).refused);
    }
    return { refused };
  }

  /** The topic first, then where the users are: who logs in meanwhile reads it, or is found. */
  async #changeSome(
    topic: string,
    userIds: readonly string[],
    how: 'joins' | 'leaves',
  ): Promise<TopicChange> {
    const { bus, locator, options, producer } = this.#deps;
    const change = await this.#repeater.run(() =>
      how === 'joins' ? bus.topics.add(topic, userIds) : bus.topics.remove(topic, userIds),
    );
    const changed = new Set(userIds);
    for (const userId of change.refused) changed.delete(userId);
    const byServer = new Map<number, Set<string>>();
    const note = (serverId: number, userId: string): void => {
      const users = byServer.get(serverId);
      if (users) users.add(userId);
      else byServer.set(serverId, new Set([userId]));
    };
    const addresses = addressesOf([...changed], options.terminals);
    // A server that has just started must not be taken for one of box-im, of which the registry knows nothing.
    for (const [index, sighting] of (await locator.look(addresses, { fresh: true })).entries()) {
      const userId = addresses[index]?.id;
      if (typeof sighting !== 'object' || !sighting.features.has('topics') || userId === undefined) continue;
      note(sighting.serverId, userId);
    }
    const others = await this.#repeater.run(() => otherSessions(addresses, this.#deps));
    for (const { address, serverId } of others) note(serverId, address.id);
    const serverIds = [...byServer.keys()];
    if (serverIds.length === 0) return change;
    const toldAt =
      how === 'joins' ? await this.#repeater.run(() => bus.topics.tell(topic, serverIds)) : undefined;
    await Promise.all(
      Array.from(byServer, async ([serverId, users]) => {
        const extras = {
          topic,
          [how]: [...users],
          change: change.number,
          ...(toldAt !== undefined && { toldAt }),
        };
        // One that has closed its list has no devices any more: they read it when they log in elsewhere.
        await producer.put(messageList('group', serverId), orderOf(extras));
      }),
    );
    return change;
  }

  async *#pages(topic: string): AsyncGenerator<readonly string[]> {
    const { bus } = this.#deps;
    for (let cursor: string | undefined; ;) {
      const from = cursor;
      const page = await this.#repeater.run(() => bus.topics.members(topic, from));
      yield page.userIds;
      if (page.next === undefined) return;
      cursor = page.next;
    }
  }

  async #onlineOf(userIds: readonly string[]): Promise<string[]> {
    const { locator, options } = this.#deps;
    const addresses = addressesOf(userIds, options.terminals);
    const places = await locator.locate(addresses);
    return [...new Set(addresses.flatMap(({ id }, index) => (places[index] ? [id] : [])))];
  }

  #ask<T>(userCount: number, question: () => Promise<T>): Promise<T> {
    return this.#deps.calls.ask(userCount * this.#deps.options.terminals.length, question);
  }
}

/** On the list that messages to topics go over: it is carried out before what is sent later. */
function orderOf(extras: EntryExtras): ByteText {
  const entry: Entry = { dataText: nothing, receivers: [], sendResult: false, attempt: 1, extras };
  return encodeEntry('group', entry);
}

const nothing = 'null' as ByteText;
