import { createHash } from 'node:crypto';
import type { Logger } from 'im-common';
import type { ConversationStates } from '../conversations/conversation-states.ts';
import { higher } from '../db/added.ts';
import type { Database } from '../db/database.ts';
import type { Language } from '../http/texts.ts';
import type { GroupMessage } from '../messages/group/group-message.ts';
import type { PrivateMessage } from '../messages/private/private-message.ts';
import { systemAccount, systemAccountId } from '../users/system-account.ts';
import type { Candidate } from './audience.ts';
import type { AwayChannels, AwayNotification, AwayOutcome } from './channel.ts';
import type { AwayMetrics } from './metrics.ts';
import type { Registration, Registrations } from './registrations.ts';
import { wordingOf } from './wording.ts';

export interface TellerDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly channels: AwayChannels;
  readonly registrations: Pick<Registrations, 'remove' | 'pause' | 'worked'>;
  readonly states: Pick<ConversationStates, 'unreadInAll' | 'ofPlaces'>;
  readonly metrics: AwayMetrics;
  readonly logger: Logger;
  readonly language: Language;
}

const mostAtOnce = 32;
const longestMs = 10_000;

/**
 * Tells devices, by the channel of each, and notes up to where they were told: a number that only rises, written when the service has it. So
 * whoever dies in between tells the same once more, and the device shows it in place of the first.
 */
export class Teller {
  readonly #deps: TellerDeps;
  readonly #closing = new AbortController();
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(deps: TellerDeps) {
    this.#deps = deps;
  }

  /** Of the newest message. Resolves with when it is to be tried again; undefined: that is that. */
  async tell(
    { registration, settings }: Candidate,
    conversation: string,
    message: PrivateMessage | GroupMessage,
  ): Promise<number | undefined> {
    const { states, metrics } = this.#deps;
    const { userId, language, channel } = registration;
    const name = await this.#nameOf(message);
    const [[state], badge] = await Promise.all([
      states.ofPlaces([{ userId, conversation }]),
      states.unreadInAll(userId),
    ]);
    const outcome = await this.#send(registration, {
      is: 'message',
      ...aboutOf(userId, conversation, badge),
      number: message.number,
      unread: state?.unread ?? 1,
      ...wordingOf(message, { name, language, preview: settings.preview }),
    });
    if (outcome.is === 'sent') metrics.lag(channel, (Date.now() - message.sendTime) / 1_000);
    if (outcome.is === 'sent' || outcome.is === 'refused')
      await this.#note(registration, conversation, {
        number: message.number,
        isShown: outcome.is === 'sent',
      });
    return this.#settle(registration, outcome);
  }

  /** What is shown of the conversation goes, by whoever comes first. It is tried once: it goes as well when somebody looks at the page. */
  async withdraw(registration: Registration, conversation: string): Promise<void> {
    const { database, states } = this.#deps;
    const { userId, sessionId } = registration;
    const isMine = await database
      .sql('im_away_place')
      .where({ userId, conversation, sessionId, isShown: 1 })
      .update({ isShown: 0 });
    if (isMine === 0) return;
    const badge = await states.unreadInAll(userId);
    const about = aboutOf(userId, conversation, badge);
    await this.#settle(registration, await this.#send(registration, { is: 'withdrawal', ...about }));
  }

  /** They have it, and need not be told, though others are looked at again. */
  async pass(candidates: readonly Candidate[], conversation: string, number: number): Promise<void> {
    for (const { registration, place } of candidates)
      await this.#note(registration, conversation, { number, isShown: place.isShown });
  }

  /** What is under way is broken off, and told by another instance, or after the next start. */
  close(): void {
    this.#closing.abort();
  }

  async #send(registration: Registration, notification: AwayNotification): Promise<AwayOutcome> {
    const { channels, metrics, logger } = this.#deps;
    const { channel } = registration;
    const how = channels[channel];
    // The one of before is no longer configured; it may be again.
    if (!how) return { is: 'refused', reason: 'NO_CHANNEL' };
    const outcome = await this.#inTurn(() =>
      how
        .send(registration, notification, {
          signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(longestMs)]),
        })
        .catch((error: unknown): AwayOutcome => {
          // Not the error itself: its message may have the address in it, which is a secret of the device.
          logger.debug(
            { channel, error: error instanceof Error ? error.name : 'unknown' },
            'a push service was not reached',
          );
          return { is: 'later', reason: 'UNREACHABLE' };
        }),
    );
    metrics.count(channel, notification.is, outcome);
    return outcome;
  }

  async #settle(registration: Registration, outcome: AwayOutcome): Promise<number | undefined> {
    const { registrations, logger } = this.#deps;
    const { channel, userId } = registration;
    switch (outcome.is) {
      case 'sent':
        await registrations.worked(registration);
        return undefined;
      case 'gone':
        await registrations.remove(registration.sessionId, registration.address);
        logger.info(
          { channel, userId, reason: outcome.reason },
          'a device is not told any more: nobody is there',
        );
        return undefined;
      case 'refused':
        logger.warn({ channel, reason: outcome.reason }, 'a push service refuses what it is given');
        return undefined;
      case 'later':
        return this.#closing.signal.aborted ? Date.now() : registrations.pause(registration, outcome.afterMs);
    }
  }

  async #note(
    { userId, sessionId }: Registration,
    conversation: string,
    { number, isShown }: { readonly number: number; readonly isShown: boolean },
  ): Promise<void> {
    const { sql } = this.#deps.database;
    await sql('im_away_place')
      .insert({ userId, conversation, sessionId, number, isShown: isShown ? 1 : 0 })
      .onConflict(['userId', 'conversation', 'sessionId'])
      .merge({ number: higher(sql, 'number'), isShown: isShown ? 1 : 0 });
  }

  /** Of a group its own, otherwise that of the sender. */
  async #nameOf(message: PrivateMessage | GroupMessage): Promise<string> {
    const { database, language } = this.#deps;
    if ('groupId' in message) {
      const group = await database
        .sql('im_group')
        .where({ id: message.groupId })
        .first<{ name: string } | undefined>('name');
      return group?.name ?? '';
    }
    if (message.sendId === systemAccountId) return systemAccount(language).nickName;
    const user = await database
      .sql('im_user')
      .where({ id: message.sendId })
      .first<{ nickName: string } | undefined>('nickName');
    return user?.nickName ?? '';
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
  badge: number,
): Pick<AwayNotification, 'userId' | 'conversationId' | 'collapseKey' | 'badge'> {
  // No service is told who talks to whom.
  const collapseKey = createHash('sha256')
    .update(`${userId} ${conversationId}`)
    .digest('base64url')
    .slice(0, 32);
  return { userId: String(userId), conversationId, collapseKey, badge };
}
