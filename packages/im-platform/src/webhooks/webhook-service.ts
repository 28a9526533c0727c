import { randomBytes } from 'node:crypto';
import { typesWith, type EventFilter } from '../events/event-filter.ts';
import type { EventType } from '../events/event.ts';
import type { Again, Backlog, DeadLetter, OutboxStore } from '../events/outbox-store.ts';
import type { SinkRow, SinkStore } from '../events/sink-store.ts';
import { Refusal } from '../http/refusal.ts';
import type { OutgoingAddresses } from '../outgoing/outgoing-addresses.ts';
import { whyNoWebhook } from './webhook-address.ts';

export interface WebhookDeps {
  readonly sinks: SinkStore;
  readonly outbox: Pick<OutboxStore, 'backlog' | 'deadLetters' | 'again' | 'forgetSink'>;
  readonly addresses: Pick<OutgoingAddresses, 'hasOwn' | 'whyNot'>;
  readonly isBot: (userId: number) => Promise<boolean>;
  /** Has this instance look at once; others do within a second. */
  readonly look: () => Promise<void>;
}

export interface WebhookState {
  readonly row: SinkRow;
  readonly backlog: Backlog | undefined;
}

export interface NewWebhook {
  readonly url: string;
  readonly events: readonly EventType[];
  /** Null: of all of them. */
  readonly filter: EventFilter | null;
}

export interface WebhookChanges {
  readonly url?: string | undefined;
  readonly events?: readonly EventType[] | undefined;
  /** Null: of all of them. */
  readonly filter?: EventFilter | null | undefined;
  readonly isOn?: boolean | undefined;
}

const mostWebhooks = 20;
const hourMs = 3_600_000;
const replayLaterS = 5;

/** Who is told of what happens, as other back ends say. */
export class WebhookService {
  readonly #deps: WebhookDeps;

  /** Each goes through all that is kept: one at a time. */
  readonly #replaying = new Set<string>();

  constructor(deps: WebhookDeps) {
    this.#deps = deps;
  }

  async list(): Promise<WebhookState[]> {
    const { sinks, outbox } = this.#deps;
    const [rows, backlogs] = await Promise.all([sinks.list(), outbox.backlog()]);
    return rows.map((row) => ({ row, backlog: backlogs.find(({ sink }) => sink === row.id) }));
  }

  /** Those that are limited to what a bot hears. */
  async ofBot(botId: number): Promise<WebhookState[]> {
    return (await this.list()).filter(({ row }) => isOfBot(row, botId));
  }

  /** Resolves with its id and its secret, which is shown this once. */
  async create({ url, events, filter }: NewWebhook): Promise<{ id: string; secret: string }> {
    const { sinks, look } = this.#deps;
    this.#assertUrl(url);
    await this.#assertFilter(filter, events);
    const [id, secret] = [`wh_${randomBytes(9).toString('hex')}`, newSecret()];
    const row: SinkRow = {
      ...{ id, url, events, filter, secret, formerSecret: null, formerEndTime: null },
      ...{ createdTime: Date.now(), failingSince: null, lastError: null, offTime: null },
    };
    if (!(await sinks.add(row, mostWebhooks))) throw new Refusal('tooManyWebhooks');
    await look();
    return { id, secret };
  }

  async change(id: string, { url, events, filter, isOn }: WebhookChanges): Promise<WebhookState> {
    const { sinks, look } = this.#deps;
    const before = await this.#find(id);
    // Where one of the options is, the options say.
    if (url !== undefined && before.url === null) throw new Refusal('webhookUnknown');
    if (url !== undefined) this.#assertUrl(url);
    if (events ?? filter)
      await this.#assertFilter(filter === undefined ? before.filter : filter, events ?? before.events);
    await sinks.change(id, {
      ...(filter !== undefined && { filter }),
      ...(url !== undefined && { url }),
      ...(events && { events }),
      ...(isOn === true && { offTime: null, failingSince: null, lastError: null }),
      ...(isOn === false && { offTime: before.offTime ?? Date.now() }),
    });
    await look();
    return this.#state(id);
  }

  /** A new secret signs from then on, and the one before beside it for so long. */
  async rotate(id: string, graceHours: number): Promise<string> {
    const { sinks, look } = this.#deps;
    const { secret: formerSecret } = await this.#find(id);
    if (formerSecret === null) throw new Refusal('webhookUnknown');
    const secret = newSecret();
    await sinks.change(id, { secret, formerSecret, formerEndTime: Date.now() + graceHours * hourMs });
    await look();
    return secret;
  }

  /** It is told nothing more, and what waited for it is forgotten. `botId`: only if it is limited to what that one hears. */
  async remove(id: string, botId?: number): Promise<void> {
    const { sinks, outbox, look } = this.#deps;
    const row = await this.#find(id);
    if (row.url === null || (botId !== undefined && !isOfBot(row, botId)))
      throw new Refusal('webhookUnknown');
    await sinks.remove(id);
    await look();
    await outbox.forgetSink(id);
  }

  async deadLetters(id: string, afterPosition: number, limit: number): Promise<DeadLetter[]> {
    await this.#find(id);
    return this.#deps.outbox.deadLetters(id, afterPosition, limit);
  }

  /** Resolves with how many are told again. */
  async again(id: string, again: Again): Promise<number> {
    await this.#find(id);
    if (this.#replaying.has(id))
      throw new Refusal('tooManyRequests', { code: 429, retryAfterS: replayLaterS });
    this.#replaying.add(id);
    try {
      return await this.#deps.outbox.again(id, again);
    } finally {
      this.#replaying.delete(id);
    }
  }

  async #find(id: string): Promise<SinkRow> {
    const row = await this.#deps.sinks.find(id);
    if (!row) throw new Refusal('webhookUnknown');
    return row;
  }

  async #state(id: string): Promise<WebhookState> {
    const state = (await this.list()).find(({ row }) => row.id === id);
    if (!state) throw new Refusal('webhookUnknown');
    return state;
  }

  /** Of what a filter lets nothing through nobody is to wait for; and only of bots. */
  async #assertFilter(filter: EventFilter | null, events: readonly EventType[]): Promise<void> {
    if (filter === null) return;
    const without = events.filter((type) => !typesWith(filter).includes(type));
    if (without.length > 0) {
      const what = `events: ${without.join(', ')} cannot be told of some conversations or mentions alone`;
      throw new Refusal('malformed', { code: 400, values: { what } });
    }
    if ('botId' in filter && !(await this.#deps.isBot(filter.botId))) throw new Refusal('botUnknown');
  }

  #assertUrl(url: string): void {
    const what = whyNoWebhook(url, this.#deps.addresses);
    if (what !== undefined) throw new Refusal('malformed', { code: 400, values: { what } });
  }
}

function isOfBot({ filter }: SinkRow, botId: number): boolean {
  return filter !== null && 'botId' in filter && filter.botId === botId;
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
