import { createHash } from 'node:crypto';
import { addressKey } from 'im-common';
import type { Receipt } from 'im-client';
import type { Database } from '../db/database.ts';
import type { Devices } from '../away/devices.ts';
import {
  registrationColumns,
  toRegistration,
  type Registration,
  type RegistrationRow,
} from '../away/registrations.ts';
import { groupBy } from '../messages/group/group-by.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { MessageType } from '../wire/message-type.ts';
import { collapseKeyOf, type Fate, type Wording } from './campaign.ts';

export interface PushesDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly im: Pick<PlatformIm, 'onlineUsers' | 'sendSystemMessage'>;
  readonly devices: Pick<Devices, 'send' | 'settle'>;
}

/** What one person is told. */
export interface Told extends Wording {
  readonly userId: number;
}

export interface About {
  readonly campaignId: number;
  readonly url: string | null;
  /** The same when the same people are told again, after somebody died. */
  readonly round: string;
}

/** Or it is to be tried again, not before that. */
export type Outcome = Fate | { readonly state: 'later'; readonly reason: string; readonly at: number };

/** A result of who is online comes within this, or what was put counts as sent. */
const resultsWithinMs = 5_000;
const devicesAtOnce = 64;

/** Tells people: by the push layer who is online, the others by the services of their devices. */
export class Pushes {
  readonly #deps: PushesDeps;

  constructor(deps: PushesDeps) {
    this.#deps = deps;
  }

  async tell(about: About, told: readonly Told[]): Promise<Map<number, Outcome>> {
    const outcomes = await this.#tellOnline(about, told);
    const away = told.filter(({ userId }) => !outcomes.has(userId));
    for (const [userId, outcome] of await this.#tellAway(about, away)) outcomes.set(userId, outcome);
    return outcomes;
  }

  /** Those of whom it is known that a device has it, or may have it. */
  async #tellOnline(about: About, told: readonly Told[]): Promise<Map<number, Outcome>> {
    const online = new Set(await this.#deps.im.onlineUsers(told.map(({ userId }) => userId)));
    const fates = await Promise.all(
      [...groupBy(told, ({ title, body }) => JSON.stringify([title, body])).values()]
        .filter((some) => some.some(({ userId }) => online.has(String(userId))))
        .map((some) => this.#push(about, some)),
    );
    return new Map(fates.flat());
  }

  /** All are named who are told the same, also who is away: so it is the same message when it is sent again. */
  async #push({ campaignId, url, round }: About, told: readonly Told[]): Promise<[number, Outcome][]> {
    const { title = '', body = '' } = told[0] ?? {};
    const which = createHash('sha256')
      .update(JSON.stringify([title, body]))
      .digest('hex')
      .slice(0, 16);
    const receipt = await this.#deps.im.sendSystemMessage({
      recvIds: told.map(({ userId }) => userId),
      messageId: `campaign.${campaignId}.${round}.${which}`,
      data: { type: MessageType.CAMPAIGN, campaign: { id: String(campaignId), title, body, url } },
    });
    return fatesIn(receipt);
  }

  async #tellAway(about: About, told: readonly Told[]): Promise<Map<number, Outcome>> {
    const registrations = await this.#registrationsOf(told.map(({ userId }) => userId));
    const results = new Map<number, Outcome[]>();
    await inTurns(
      told.flatMap((one) =>
        (registrations.get(one.userId) ?? []).map((registration) => ({ one, registration })),
      ),
      devicesAtOnce,
      async ({ one, registration }) => {
        const outcome = await this.#tellDevice(about, one, registration);
        results.set(one.userId, [...(results.get(one.userId) ?? []), outcome]);
      },
    );
    return new Map(told.map(({ userId }) => [userId, bestOf(results.get(userId) ?? [])]));
  }

  async #tellDevice(
    { campaignId, url }: About,
    { userId, title, body }: Told,
    registration: Registration,
  ): Promise<Outcome> {
    if (registration.retryTime > Date.now())
      return { state: 'later', reason: 'SERVICE_BUSY', at: registration.retryTime };
    const outcome = await this.#deps.devices.send(registration, {
      ...{ is: 'campaign', userId: String(userId), campaignId: String(campaignId) },
      ...{ collapseKey: collapseKeyOf(campaignId, userId), title, body, url },
    });
    const again = await this.#deps.devices.settle(registration, outcome);
    switch (outcome.is) {
      case 'sent':
        return { state: 'sent', reason: '' };
      case 'later':
        return { state: 'later', reason: outcome.reason, at: again ?? Date.now() };
      case 'gone':
      case 'refused':
        return { state: 'failed', reason: outcome.reason.slice(0, 40) };
    }
  }

  async #registrationsOf(userIds: readonly number[]): Promise<Map<number, Registration[]>> {
    const now = Date.now();
    const rows = await this.#deps.database
      .sql('im_away_registration as r')
      .join('im_session as e', 'e.id', 'r.sessionId')
      .join('im_user as u', 'u.id', 'r.userId')
      .whereIn('r.userId', [...userIds])
      .where({ 'u.isBanned': 0 })
      .where('e.endTime', '>', now)
      .where('e.idleEndTime', '>', now)
      .select<RegistrationRow[]>(...registrationColumns);
    const found = new Map<number, Registration[]>();
    for (const row of rows) found.set(row.userId, [...(found.get(row.userId) ?? []), toRegistration(row)]);
    return found;
  }
}

/** Of those who had a device online. Who is not named here has none of it. */
async function fatesIn(receipt: Receipt): Promise<[number, Outcome][]> {
  const results = await receipt.results({ timeoutMs: resultsWithinMs });
  const fates = new Map<number, Outcome>();
  for (const { id, reason } of results) {
    const userId = Number(id);
    if (reason === undefined) fates.set(userId, { state: 'delivered', reason: '' });
    // It is on its way, or a server that had it has died: nobody is told a second time by another way.
    else if (reason === 'EXPIRED' && !fates.has(userId)) fates.set(userId, { state: 'sent', reason: '' });
  }
  // Its results are with the instance that has sent it before.
  const known = new Set(results.map(({ id, terminal }) => addressKey(id, terminal)));
  for (const { id, terminal } of receipt.repeated)
    if (!known.has(addressKey(id, terminal)) && !fates.has(Number(id)))
      fates.set(Number(id), { state: 'sent', reason: '' });
  return [...fates];
}

/** One device that has it is enough. */
function bestOf(outcomes: readonly Outcome[]): Outcome {
  const order = ['sent', 'later', 'failed'];
  const [best] = outcomes.toSorted((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
  return best ?? { state: 'skipped', reason: 'no-device' };
}

async function inTurns<T>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: Math.min(most, items.length) }, async () => {
      for (const item of left) await work(item);
    }),
  );
}
