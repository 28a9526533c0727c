import type { DeviceAddress } from 'im-client';
import type { Logger } from 'im-common';
import { askThere } from '../db/ask-there.ts';
import type { Database, Sql } from '../db/database.ts';
import type { Query } from '../db/together.ts';
import { byIdDatabase } from '../db/by-lane-database.ts';
import { laneOfId } from '../db/lanes.ts';
import { loginTerminals } from '../wire/terminals.ts';

export type PushKind = 'private' | 'group';

/** A stored message that some online receivers may not have. */
export interface PendingPush {
  readonly kind: PushKind;
  readonly messageId: number;
  readonly attempts: number;
  /** Who is still to be reached. Null: nobody knows, so all. */
  readonly receivers: readonly DeviceAddress[] | null;
}

/** Longer than a push takes to get its results (10 s), so that only what its instance forgot is taken up by another. */
const ownedForMs = 15_000;
const firstRetryMs = 2_000;
const longestRetryMs = 60_000;
const gatherMs = 20;

/** A message that was just stored, and whom its draft named as those who get the push. */
export interface StoredToPush {
  readonly message: { readonly id: number };
  readonly draft: { readonly pushTo?: readonly number[] | undefined };
}

/** Notes, in the transaction that stores them, that these messages are to be pushed. */
export function putPending(sql: Sql, kind: PushKind, stored: readonly StoredToPush[]): Query {
  const nextAt = Date.now() + ownedForMs;
  const rows = stored.map(({ message, draft }) => ({
    kind,
    messageId: message.id,
    nextAt,
    receivers: draft.pushTo ? toText(everyTerminalOf(draft.pushTo)) : null,
  }));
  return sql('im_pending_push').insert(rows);
}

type PendingDatabase = Pick<Database, 'ofLane' | 'laneDatabases'>;

/**
 * The table of what is stored and not known to have arrived. A row is there from the commit until every receiver has the
 * message or is offline (then the device pulls it when it comes back), so a crash, a lost result or an outage of the bus
 * leaves a row behind, and the sweeper of any instance takes it up.
 */
export class PendingPushes {
  readonly #database: PendingDatabase;
  readonly #logger: Logger;
  readonly #done: Record<PushKind, number[]> = { private: [], group: [] };
  readonly #kept: Record<PushKind, Map<number, { isDone: boolean }>> = {
    private: new Map(),
    group: new Map(),
  };
  #timer: NodeJS.Timeout | undefined;
  #clearing: Promise<void> = Promise.resolve();

  constructor(database: PendingDatabase, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
  }

  /** Their rows stay, also when they are done, until they are let go or forgotten. */
  keep(kind: PushKind, messageIds: readonly number[]): void {
    for (const id of messageIds) this.#kept[kind].set(id, { isDone: false });
  }

  letGo(kind: PushKind, messageIds: readonly number[]): void {
    for (const id of messageIds) {
      const kept = this.#kept[kind].get(id);
      this.#kept[kind].delete(id);
      if (kept?.isDone) this.done(kind, id);
    }
  }

  /** Their rows stay for the sweeper. */
  forget(kind: PushKind, messageIds: readonly number[]): void {
    for (const id of messageIds) this.#kept[kind].delete(id);
  }

  /** Nobody needs it any more. Rows of a few milliseconds are deleted together. */
  done(kind: PushKind, messageId: number): void {
    const kept = this.#kept[kind].get(messageId);
    if (kept) {
      kept.isDone = true;
      return;
    }
    this.#done[kind].push(messageId);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#clearing = this.#clear();
    }, gatherMs);
  }

  /** To be tried again, with more patience each time. */
  async retry({ kind, messageId, attempts, receivers }: PendingPush): Promise<void> {
    const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** attempts);
    await this.#database
      .ofLane(laneOfId(messageId))
      .sql('im_pending_push')
      .where({ kind, messageId })
      .update({
        nextAt: Date.now() + waitMs,
        attempts: attempts + 1,
        receivers: receivers && toText(receivers),
      });
  }

  /** Those that are due, oldest first; each is given to one instance only, for as long as a push takes. */
  async claimDue(limit: number): Promise<PendingPush[]> {
    // Those of a database that is away are pushed when it is back.
    const { found } = await askThere(this.#database, async (at) => {
      const due = await claimDueAt(at.sql, limit);
      // What is there of a lane that is elsewhere is left of its move.
      return due.filter(({ messageId }) => this.#database.ofLane(laneOfId(messageId)).name === at.name);
    });
    return found.flat();
  }

  /** Resolves when what is done is deleted. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#clearing;
    await this.#clear();
  }

  async #clear(): Promise<void> {
    for (const kind of ['private', 'group'] as const) {
      const ids = this.#done[kind].splice(0);
      if (ids.length === 0) continue;
      // A row that stays is pushed once more, which devices drop as a double.
      // One that hangs holds up none of the others.
      const clearing = Array.from(byIdDatabase(this.#database, ids), ([{ sql }, some]) =>
        sql('im_pending_push')
          .where({ kind })
          .whereIn('messageId', some)
          .delete()
          .catch((error: unknown) => {
            this.#logger.warn(
              { err: error, kind, messages: some.length },
              'pushed messages could not be ticked off',
            );
          }),
      );
      await Promise.all(clearing);
    }
  }
}

async function claimDueAt(sql: Sql, limit: number): Promise<PendingPush[]> {
  const now = Date.now();
  const rows = await sql('im_pending_push')
    .where('nextAt', '<=', now)
    .orderBy(['nextAt', 'messageId'])
    .limit(limit)
    .select<PendingRow[]>('kind', 'messageId', 'attempts', 'receivers', 'nextAt');
  const claimed: PendingPush[] = [];
  for (const { kind, messageId, attempts, receivers, nextAt } of rows) {
    const isMine = await sql('im_pending_push')
      .where({ kind, messageId, nextAt })
      .update({ nextAt: now + ownedForMs });
    if (isMine > 0) claimed.push({ kind, messageId, attempts, receivers: toReceivers(receivers) });
  }
  return claimed;
}

interface PendingRow {
  readonly kind: PushKind;
  readonly messageId: number;
  readonly attempts: number;
  readonly receivers: string | null;
  readonly nextAt: number;
}

function everyTerminalOf(userIds: readonly number[]): DeviceAddress[] {
  return userIds.flatMap((userId) => loginTerminals.map((terminal) => ({ id: String(userId), terminal })));
}

function toText(receivers: readonly DeviceAddress[]): string {
  return JSON.stringify(receivers.map(({ id, terminal }) => [id, terminal]));
}

function toReceivers(text: string | null): DeviceAddress[] | null {
  if (text === null) return null;
  return (JSON.parse(text) as [string, number][]).map(([id, terminal]) => ({ id, terminal }));
}
