import { Terminal } from 'im-client';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language } from '../http/texts.ts';
import type { GroupMessageLog } from '../messages/group/group-log.ts';
import { MessageType } from '../wire/message-type.ts';
import type { Audit } from '../operations/audit.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { systemSender, type BanStore, type Verdict } from './ban-store.ts';

export interface BanDeps {
  readonly database: Pick<Database, 'transaction'>;
  readonly store: BanStore;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly groupLog: GroupMessageLog;
  readonly im: Pick<PlatformIm, 'sendSystemMessage'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly language: Language;
}

/** A device that has not confirmed by then is closed without having shown why. */
const longestFarewellMs = 1_000;

const innocent: Verdict = { isBanned: 0, reason: '' };

/** How it comes to a verdict. */
interface Judging {
  /** What else is written in the transaction. */
  readonly within?: (sql: Sql) => Promise<void>;
}

/** Who and what is banned. Each of these may be done again: what is done already is not told twice. */
export class BanService {
  readonly #deps: BanDeps;

  constructor(deps: BanDeps) {
    this.#deps = deps;
  }

  /** From the commit on, no request of the user is answered; their devices show the reason, and are closed. */
  async banUser(
    id: number,
    reason: string,
    { within, until }: Judging & { readonly until?: number | undefined } = {},
  ): Promise<void> {
    const { database, store, sessions, audit } = this.#deps;
    const closeSockets = await database.transaction(async (sql) => {
      if (!(await store.judgeUser(sql, id, { isBanned: 1, reason, bannedUntil: until ?? null })))
        throw new Refusal('userUnknown');
      await within?.(sql);
      return sessions.end(sql, id);
    });
    audit.record({ event: 'user-banned', userId: id });
    await this.#sayWhy(id, reason);
    await closeSockets();
  }

  async unbanUser(id: number, { within }: Judging = {}): Promise<void> {
    const { database, store, audit } = this.#deps;
    await database.transaction(async (sql) => {
      if (!(await store.judgeUser(sql, id, { ...innocent, bannedUntil: null })))
        throw new Refusal('userUnknown');
      await within?.(sql);
    });
    audit.record({ event: 'user-unbanned', userId: id });
  }

  /** Bans whose time is over. */
  async liftThoseThatAreOver(): Promise<void> {
    for (const id of await this.#deps.store.usersBannedUntil(Date.now())) await this.unbanUser(id);
  }

  banGroup(id: number, reason: string, judging: Judging = {}): Promise<void> {
    const tip = say('tipGroupBanned', this.#deps.language, { reason });
    return this.#judgeGroup(id, { isBanned: 1, reason }, tip, judging);
  }

  unbanGroup(id: number, judging: Judging = {}): Promise<void> {
    return this.#judgeGroup(id, innocent, say('tipGroupUnbanned', this.#deps.language), judging);
  }

  /** Within the log, so that every message is either before the verdict or judged by it. */
  async #judgeGroup(
    groupId: number,
    verdict: Verdict,
    tip: string,
    { within: also }: Judging,
  ): Promise<void> {
    const { groupLog, store, audit, language, database } = this.#deps;
    if (await store.isTold(groupId, verdict, tip)) {
      if (also) await database.transaction(also);
      return;
    }
    await groupLog.announce({
      draft: {
        groupId,
        sendId: systemSender,
        terminal: Terminal.PC,
        sendNickName: say('systemAdministrator', language),
        type: MessageType.TIP_TEXT,
        content: tip,
        needsMembership: false,
      },
      async cause(sql) {
        if (!(await store.judgeGroup(sql, groupId, verdict))) throw new Refusal('groupUnknown');
        await also?.(sql);
      },
    });
    audit.record({ event: verdict.isBanned === 1 ? 'group-banned' : 'group-unbanned', groupId });
  }

  /** The page shows the reason and lets go by itself; after the order to close it would show that one. */
  async #sayWhy(id: number, reason: string): Promise<void> {
    const receipt = await this.#deps.im.sendSystemMessage({
      recvIds: [id],
      data: { type: MessageType.USER_BANNED, content: reason },
    });
    await receipt.results({ timeoutMs: longestFarewellMs });
  }
}
