import type { Admins } from '../admins/admins.ts';
import { ArchiveRecords } from '../archiving/archive-records.ts';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language } from '../http/texts.ts';
import type { Audit } from '../operations/audit.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { forgetUser } from '../users/forget-user.ts';
import { orderErasure } from '../users/order-erasure.ts';
import type { User } from '../users/user.ts';
import type { Erasure, Hindrances } from './erasure.ts';
import type { ErasureStore } from './erasure-store.ts';
import { hindrancesOf, mostNamed } from './hindrances.ts';

export interface ErasureServiceDeps {
  readonly database: Pick<Database, 'sql' | 'transaction' | 'isOneOfSeveral' | 'laneDatabases' | 'of'>;
  readonly store: Pick<ErasureStore, 'find' | 'page'>;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly admins: Pick<Admins, 'isAdmin'>;
  readonly audit: Pick<Audit, 'record'>;
  /** Whether the platform was told where archives are. */
  readonly knowsArchives: boolean;
  /** Of the name of who is gone. */
  readonly language: Language;
}

/** With what it waits for. */
export type ShownErasure = Erasure & Hindrances;

export interface Order {
  /** `admin:7`, `key:…` */
  readonly askedBy: string;
  /** Writes it into the audit trail. */
  readonly note: (sql: Sql) => Promise<void>;
}

const nothing: Hindrances = { reports: [], held: [], archives: [], databases: [] };

/** Orders erasures, and tells what has become of them. */
export class ErasureService {
  readonly #deps: ErasureServiceDeps;

  constructor(deps: ErasureServiceDeps) {
    this.#deps = deps;
  }

  /** The account ends at once, if it has not before; the rest is done after the answer. Asked again it is the same erasure. */
  async order(userId: number, { askedBy, note }: Order): Promise<ShownErasure> {
    const { database, sessions, audit, admins, language } = this.#deps;
    // An admin is none any more first, so that nobody erases all of them by a slip.
    if (await admins.isAdmin(userId)) throw new Refusal('adminNotErased');
    const { id, closeSockets } = await database.transaction(async (sql) => {
      const user = await sql('im_user')
        .where({ id: userId })
        .forUpdate()
        .first<Pick<User, 'deletedTime'> | undefined>('deletedTime');
      if (!user) throw new Refusal('userUnknown');
      await note(sql);
      const erasure = await orderErasure(sql, userId, askedBy);
      if (user.deletedTime !== null) return { id: erasure };
      const closing = await sessions.end(sql, userId);
      await forgetUser(sql, userId, say('deletedAccount', language));
      return { id: erasure, closeSockets: closing };
    });
    if (closeSockets) {
      audit.record({ event: 'account-deleted', userId, reason: 'erasure' });
      await closeSockets();
    }
    return this.find(id);
  }

  async find(id: number): Promise<ShownErasure> {
    const erasure = await this.#deps.store.find(id);
    if (!erasure) throw new Refusal('erasureUnknown');
    if (erasure.state === 'done') return { ...erasure, ...nothing };
    const { database, knowsArchives } = this.#deps;
    const hindrances = await hindrancesOf(database, erasure.userId, knowsArchives);
    const unwritten = await new ArchiveRecords(database).unwritten(mostNamed);
    return { ...erasure, ...hindrances, archives: [...hindrances.archives, ...unwritten] };
  }

  /** The newest first. What they wait for is told of each alone. */
  page(beforeId: number, limit: number, userId?: number): Promise<Erasure[]> {
    return this.#deps.store.page(beforeId, limit, userId);
  }
}
