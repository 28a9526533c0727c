import { setTimeout as sleep } from 'node:timers/promises';
import { ImError, type DeviceAddress } from 'im-common';
import { runningMs, serverGroup, type Bus, type GroupView } from 'im-common/bus';

/** Where a device is. `hasLease` is false for a server that the registry never heard of: one of box-im, which has none. */
export interface Place {
  readonly serverId: number;
  readonly hasLease: boolean;
}

interface ServerView {
  readonly group: GroupView;
  readonly live: ReadonlyMap<number, Place>;
  readonly gone: ReadonlySet<number>;
}

interface Question {
  readonly addresses: readonly DeviceAddress[];
  readonly fresh: boolean;
  readonly deadline: number;
  readonly resolve: (places: (Place | undefined)[]) => void;
  readonly reject: (error: unknown) => void;
}

interface LookOptions {
  readonly fresh?: boolean;
}

/** A server that died is noticed this much later than the registry knows of it. */
const viewIsGoodForMs = 250;
/** Enough to make the round trip cheap, too few to hold anybody up. */
const addressesPerCall = 1_000;
const retryDelayMs = 50;

/**
 * Finds the servers of devices. One question to the bus is under way at a time and the others share the next, which
 * saves round trips and keeps messages in the order in which they were sent.
 */
export class Locator {
  readonly #bus: Pick<Bus, 'presence' | 'registry'>;
  readonly #timeoutMs: number;
  #waiting: Question[] = [];
  #running = false;
  #view: { readonly at: number; readonly servers: Promise<ServerView> } | undefined;

  constructor(bus: Pick<Bus, 'presence' | 'registry'>, timeoutMs: number) {
    this.#bus = bus;
    this.#timeoutMs = timeoutMs;
  }

  /** The place of each address, in their order; undefined where no live server has it. `fresh` asks the registry anew. */
  locate(
    addresses: readonly DeviceAddress[],
    { fresh = false }: LookOptions = {},
  ): Promise<(Place | undefined)[]> {
    return new Promise((resolve, reject) => {
      const deadline = runningMs() + this.#timeoutMs;
      this.#waiting.push({ addresses, fresh, deadline, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      queueMicrotask(() => void this.#run());
    });
  }

  /** All servers, as the registry saw them at most 250 ms ago. */
  async servers({ fresh = false }: LookOptions = {}): Promise<GroupView> {
    const deadline = runningMs() + this.#timeoutMs;
    return (await untilDeadline(deadline, () => this.#servers(fresh))).group;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      this.#rejectOverdue();
      const batch = this.#nextBatch();
      if (batch.length === 0) break;
      try {
        await this.#answer(batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = false;
  }

  /** While the bus hangs, only what is still wanted waits. */
  #rejectOverdue(): void {
    const now = runningMs();
    const [first] = this.#waiting;
    if (!first || first.deadline > now) return;
    const firstWanted = this.#waiting.findIndex(({ deadline }) => deadline > now);
    const overdue = this.#waiting.splice(0, firstWanted < 0 ? this.#waiting.length : firstWanted);
    const error = new ImError('BUS_UNAVAILABLE', `The bus did not answer within ${this.#timeoutMs} ms.`);
    for (const { reject } of overdue) reject(error);
  }

  #nextBatch(): Question[] {
    let count = 0;
    let length = 0;
    for (const { addresses } of this.#waiting) {
      if (length > 0 && count + addresses.length > addressesPerCall) break;
      count += addresses.length;
      length += 1;
    }
    return this.#waiting.splice(0, length);
  }

  async #answer(batch: readonly Question[]): Promise<void> {
    const [only] = batch;
    const addresses =
      batch.length === 1 && only ? only.addresses : batch.flatMap((question) => question.addresses);
    const deadline = batch.at(-1)?.deadline ?? 0;
    const fresh = batch.some((question) => question.fresh);
    const [serverIds, servers] = await untilDeadline(deadline, () =>
      Promise.all([this.#bus.presence.locate(addresses), this.#servers(fresh)]),
    );
    let at = 0;
    for (const question of batch) {
      const places = question.addresses.map(() => placeOf(serverIds[at++], servers));
      question.resolve(places);
    }
  }

  #servers(fresh: boolean): Promise<ServerView> {
    const now = performance.now();
    if (!fresh && this.#view && now - this.#view.at < viewIsGoodForMs) return this.#view.servers;
    const servers = this.#bus.registry.view(serverGroup).then(toServerView);
    const view = { at: now, servers };
    this.#view = view;
    servers.catch(() => {
      if (this.#view === view) this.#view = undefined;
    });
    return servers;
  }
}

function toServerView(group: GroupView): ServerView {
  return {
    group,
    live: new Map(group.live.map(({ id }) => [Number(id), { serverId: Number(id), hasLease: true }])),
    gone: new Set([...group.expired, ...group.dead].map(({ id }) => Number(id))),
  };
}

function placeOf(serverId: number | undefined, { live, gone }: ServerView): Place | undefined {
  if (serverId === undefined) return undefined;
  return live.get(serverId) ?? (gone.has(serverId) ? undefined : { serverId, hasLease: false });
}

/** Asks again while the bus is away; for what may be repeated. */
export async function untilDeadline<T>(deadline: number, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const worthRetrying = error instanceof ImError && error.code === 'BUS_UNAVAILABLE';
      if (!worthRetrying || runningMs() + retryDelayMs >= deadline) throw error;
      await sleep(retryDelayMs);
    }
  }
}
