import { createHash } from 'node:crypto';
import type { Logger } from 'im-common';
import { gather } from 'im-common/internal/bus';
import type { ConversationState, ConversationStates } from '../conversations/conversation-states.ts';
import { nameOfPlace, placesPerStatement, type PlaceKey } from '../conversations/place-keys.ts';
import type { Database } from '../db/database.ts';
import type { Language } from '../http/texts.ts';
import type { GroupMessage } from '../messages/group/group-message.ts';
import type { PrivateMessage } from '../messages/private/private-message.ts';
import type { Candidate } from './audience.ts';
import type { AwayChannels, AwayWithdrawal } from './channel.ts';
import { Devices } from './devices.ts';
import type { AwayMetrics } from './metrics.ts';
import { findNames } from './names.ts';
import type { Registration, Registrations } from './registrations.ts';
import { ToldPlaces } from './told-places.ts';
import { wordingOf } from './wording.ts';

export interface TellerDeps {
  readonly database: Pick<Database, 'sql' | 'transaction' | 'of' | 'laneDatabases'>;
  readonly channels: AwayChannels;
  readonly registrations: Pick<Registrations, 'remove' | 'pause' | 'worked'>;
  readonly states: Pick<ConversationStates, 'unreadInAllOf' | 'ofPlaces'>;
  readonly metrics: AwayMetrics;
  readonly logger: Logger;
  readonly language: Language;
}

const mostAtOnce = 32;

/**
 * Tells devices, by the channel of each, and notes up to where they were told: a number that only rises, written when the service has it. So
 * whoever dies in between tells the same once more, and the device shows it in place of the first.
 */
export class Teller {
  readonly #deps: TellerDeps;
  readonly #devices: Devices;
  readonly #places: ToldPlaces;
  /** A hundred members of a group are looked up together. */
  readonly #nameOf: (message: PrivateMessage | GroupMessage) => Promise<string>;
  /** For each database by itself: one that does not answer holds up nobody who is told of what is in another. */
  readonly #stateAt: ReadonlyMap<unknown, (place: PlaceKey) => Promise<ConversationState | undefined>>;
  readonly #badgeOf: (userId: number) => Promise<number | undefined>;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(deps: TellerDeps) {
    const { database, states, language } = deps;
    this.#deps = deps;
    const { channels, registrations, metrics, logger } = deps;
    this.#devices = new Devices({
      ...{ channels, registrations, logger },
      count: (...of) => metrics.count(...of),
    });
    this.#places = new ToldPlaces(database);
    this.#nameOf = findNames(database, language);
    this.#stateAt = new Map(
      database.laneDatabases.map((at) => [
        at,
        gather(async (places: readonly PlaceKey[]) => {
          const found = await states.ofPlaces(places);
          const byName = new Map(found.map((state) => [nameOfPlace(state), state]));
          return places.map((place) => byName.get(nameOfPlace(place)));
        }),
      ]),
    );
    this.#badgeOf = gather(
      async (userIds: readonly number[]) => {
        const unread = await states.unreadInAllOf([...new Set(userIds)]);
        return userIds.map((userId) => unread && (unread.get(userId) ?? 0));
      },
      { most: placesPerStatement },
    );
  }

  /** Of the newest message. Resolves with when it is to be tried again; undefined: that is that. */
  async tell(
    { registration, settings }: Candidate,
    conversation: string,
    message: PrivateMessage | GroupMessage,
  ): Promise<number | undefined> {
    const { userId, language, channel } = registration;
    const [name, state, badge] = await Promise.all([
      this.#nameOf(message),
      this.#stateAt.get(this.#deps.database.of(conversation))?.({ userId, conversation }),
      this.#badgeOf(userId),
    ]);
    const { number } = message;
    // Its turn is over when that is noted: so many at most are told once more by whoever comes after a kill.
    const outcome = await this.#inTurn(async () => {
      const sent = await this.#devices.send(registration, {
        is: 'message',
        ...aboutOf(userId, conversation, badge),
        number,
        unread: state?.unread ?? 1,
        ...wordingOf(message, { name, language, preview: settings.preview }),
      });
      if (sent.is === 'sent') this.#deps.metrics.lag(channel, (Date.now() - message.sendTime) / 1_000);
      if (sent.is === 'sent' || sent.is === 'refused')
        await this.#note(registration, conversation, { number, isShown: sent.is === 'sent' });
      return sent;
    });
    return this.#devices.settle(registration, outcome);
  }

  /** What is shown of the conversation goes, by whoever comes first. It is tried once: it goes as well when somebody looks at the page. */
  async withdraw(registration: Registration, conversation: string): Promise<void> {
    const { userId, sessionId } = registration;
    const isMine = await this.#deps.database
      .sql('im_away_place')
      .where({ userId, conversation, sessionId, isShown: 1 })
      .update({ isShown: 0 });
    if (isMine === 0) return;
    const about = aboutOf(userId, conversation, await this.#badgeOf(userId));
    const outcome = await this.#inTurn(() =>
      this.#devices.send(registration, { is: 'withdrawal', ...about }),
    );
    await this.#devices.settle(registration, outcome);
  }

  /** They have it, and need not be told, though others are looked at again. */
  async pass(candidates: readonly Candidate[], conversation: string, number: number): Promise<void> {
    await Promise.all(
      candidates.map(({ registration, place }) =>
        this.#note(registration, conversation, { number, isShown: place.isShown }),
      ),
    );
  }

  /** What is under way is broken off, and told by another instance, or after the next start. */
  close(): void {
    this.#devices.close();
  }

  #note(
    { userId, sessionId }: Registration,
    conversation: string,
    { number, isShown }: { readonly number: number; readonly isShown: boolean },
  ): Promise<void> {
    return this.#places.note({ userId, conversation, sessionId, number, isShown });
  }

  /** A large group is told some at a time. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#underWay >= mostAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#underWay -= 1;
    }
  }
}

function aboutOf(
  userId: number,
  conversationId: string,
  badge: number | undefined,
): Pick<AwayWithdrawal, 'userId' | 'conversationId' | 'collapseKey' | 'badge'> {
  // No service is told who talks to whom.
  const collapseKey = createHash('sha256')
    .update(`${userId} ${conversationId}`)
    .digest('base64url')
    .slice(0, 32);
  return { userId: String(userId), conversationId, collapseKey, ...(badge !== undefined && { badge }) };
}
