import type { Logger } from 'im-common';
import { codeOfText, kindOf } from '../api/problems.ts';
import type { SystemNotices } from '../broadcasts/system-notices.ts';
import type { Ending } from '../feature.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language } from '../http/texts.ts';
import { readConversationId } from '../inbox/conversation-id.ts';
import type { InboxService } from '../inbox/inbox-service.ts';
import type { ShownMessage } from '../inbox/message-view.ts';
import { groupBy } from '../messages/group/group-by.ts';
import { onceWith } from '../messages/sendable.ts';
import { regularly } from '../regularly.ts';
import { toCaller } from '../server/server-users.ts';
import type { UserStore } from '../users/user-store.ts';
import type { ScheduledMessage } from './scheduled-message.ts';
import type { ScheduledStore } from './scheduled-store.ts';

export interface ScheduledSenderDeps {
  readonly store: ScheduledStore;
  readonly users: Pick<UserStore, 'find'>;
  readonly inbox: Pick<InboxService, 'send'>;
  readonly notices: Pick<SystemNotices, 'tell'>;
  readonly language: Language;
  readonly logger: Logger;
  readonly everyMs: number;
}

const atOnce = 50;
/** Whoever reads it takes what is later than that for something else. */
const latestMs = 86_400_000;
const soonestAgainMs = 5_000;
const latestAgainMs = 300_000;

/**
 * Sends what is scheduled when its time has come, by the rules that hold then. Runs in every instance; a message is sent once, whoever dies
 * when, since the log takes it once with its key.
 */
export class ScheduledSender {
  readonly #deps: ScheduledSenderDeps;

  constructor(deps: ScheduledSenderDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { everyMs, logger } = this.#deps;
    const failure = 'scheduled messages could not be looked for; the next round does it';
    return regularly({ everyMs, logger, failure }, (closing) => this.#sendDue(closing));
  }

  /** Of what the caller has claimed. Throws the refusal that it failed with; what else it throws is tried again. */
  async send(mine: ScheduledMessage, isSecondTry = false): Promise<ShownMessage | undefined> {
    const { store, users, inbox } = this.#deps;
    try {
      // Whoever began with it may have come as far as that, and what is there is not judged again.
      if (isSecondTry && (await this.#isStored(mine))) {
        await store.sent(mine);
        return undefined;
      }
      const user = await users.find(mine.userId);
      if (user?.deletedTime !== null) {
        await store.sent(mine);
        return undefined;
      }
      if (user.isBanned === 1) throw new Refusal('bannedAtLogin', { values: { reason: user.reason } });
      const { conversation, said, onceKey } = mine;
      if (said.isUnreadable) throw new Refusal('messageUnreadable');
      const message = await inbox.send(toCaller(user), conversation, { ...said, onceKey });
      await store.sent(mine);
      return message;
    } catch (error) {
      if (!(error instanceof Refusal) || kindOf(codeOfText(error.key)).retryable) {
        const lateMs = Date.now() - mine.sendTime;
        await store.again(mine, Math.min(Math.max(soonestAgainMs, lateMs), latestAgainMs));
        throw error;
      }
      // It may be what came after it was stored that was refused.
      if (await this.#isStored(mine)) {
        await store.sent(mine);
        return undefined;
      }
      await store.failed(mine, error);
      throw error;
    }
  }

  async #sendDue(closing: AbortSignal): Promise<void> {
    for (;;) {
      const due = closing.aborted ? [] : await this.#deps.store.due(atOnce);
      if (due.length === 0) return;
      // What one has scheduled goes out in its order, as far as no other instance is at it.
      const ofEach = [...groupBy(due, ({ userId }) => userId).values()];
      await Promise.all(
        ofEach.map(async (ofOne) => {
          for (const one of ofOne) if (!closing.aborted) await this.#take(one);
        }),
      );
    }
  }

  async #take(one: ScheduledMessage): Promise<void> {
    const { store, logger } = this.#deps;
    const mine = await store.claim(one);
    if (!mine) return;
    try {
      if (Date.now() - mine.sendTime > latestMs && !(await this.#isStored(mine))) await this.#giveUp(mine);
      else await this.send(mine, one.state === 'sending');
    } catch (error) {
      if (error instanceof Refusal) await this.#tell(mine, error);
      else logger.warn({ err: error }, 'a scheduled message could not be sent; it is tried again');
    }
  }

  async #giveUp(mine: ScheduledMessage): Promise<never> {
    const refusal = new Refusal('scheduledTooLate');
    await this.#deps.store.failed(mine, refusal);
    throw refusal;
  }

  /** Who is not there sees it as well. */
  async #tell({ userId, onceKey, sendTime }: ScheduledMessage, { key, values }: Refusal): Promise<void> {
    const { notices, language } = this.#deps;
    if (kindOf(codeOfText(key)).retryable) return;
    const text = say('scheduledNotSent', language, { why: say(key, language, values) });
    await notices.tell(userId, text, `scheduled:${onceKey}:${sendTime}`);
  }

  async #isStored({ userId, conversation: id, onceKey }: ScheduledMessage): Promise<boolean> {
    const conversation = readConversationId(id, userId);
    if (!conversation) return false;
    const to =
      conversation.kind === 'private' ? { recvId: conversation.otherId } : { groupId: conversation.groupId };
    return this.#deps.store.isStored(userId, to, onceWith(onceKey));
  }
}
