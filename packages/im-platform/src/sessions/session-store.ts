import { gather } from 'im-common/internal/bus';
import type { Database, Sql } from '../db/database.ts';

/** Somebody who is logged in on one device. Times are epoch milliseconds. */
export interface Session {
  readonly id: string;
  readonly userId: number;
  readonly terminal: number;
  /** Where it began. */
  readonly network: string;
  /** What its device calls itself. */
  readonly deviceName: string;
  /** When it was used last, to a minute; null: not since it began. */
  readonly seenTime: number | null;
  readonly createdTime: number;
  /** Of the newest tokens. */
  readonly issuedTime: number;
  /** That of the newest refresh token; the one before has one less. */
  readonly refreshNumber: number;
  /** When one of the newest tokens was shown for the first time. */
  readonly confirmedTime: number | null;
  /** When the last of its access tokens ends. */
  readonly accessEndTime: number;
  /** When it ends unless it is refreshed before. */
  readonly idleEndTime: number;
  /** When it ends in any case. */
  readonly endTime: number;
}

/** What sessions look at of a user. */
export interface SessionUser {
  readonly password: string;
  readonly deletedTime: number | null;
  readonly isBanned: number;
  readonly reason: string;
}

/** What decides whether a token still counts. */
export type Standing = Pick<
  Session,
  'userId' | 'terminal' | 'refreshNumber' | 'confirmedTime' | 'idleEndTime' | 'endTime'
> & { readonly isBanned: number };

/** Devices of one user on one terminal. Whoever logs in once more ends the session that was refreshed longest ago. */
const mostPerTerminal = 20;

export class SessionStore {
  readonly #sql: Database['sql'];
  /** Asked for every request: all requests of one moment share one question, and those of a busy time wait for the one before. */
  readonly standingOf: (sessionId: string) => Promise<Standing | undefined>;

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
    const standingsOf = async (ids: readonly string[]): Promise<(Standing | undefined)[]> => {
      const rows: (Standing & { id: string })[] = await sql('im_session as s')
        .join('im_user as u', 'u.id', 's.userId')
        .whereIn('s.id', [...new Set(ids)])
        .select(
          ...['s.id', 's.userId', 's.terminal', 's.refreshNumber', 's.confirmedTime'],
          ...['s.idleEndTime', 's.endTime', 'u.isBanned'],
        );
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id));
    };
    this.standingOf = gather(standingsOf, { waitMs: 20 });
  }

  /** The user; their sessions neither begin nor change nor end elsewhere until the transaction ends. */
  async holdUser(sql: Sql, userId: number): Promise<SessionUser | undefined> {
    return (await sql('im_user').where({ id: userId }).forUpdate().first()) as SessionUser | undefined;
  }

  find(sql: Sql, id: string): Promise<Session | undefined> {
    return sql('im_session').where({ id }).first() as Promise<Session | undefined>;
  }

  async add(sql: Sql, session: Session): Promise<void> {
    const { userId, terminal } = session;
    await sql('im_session').insert(session);
    const surplus = await sql('im_session')
      .where({ userId, terminal })
      .orderBy('issuedTime', 'desc')
      .limit(1_000)
      .offset(mostPerTerminal)
      .select<{ id: string }[]>('id');
    if (surplus.length > 0) await this.remove(sql, surplus);
  }

  async renew(sql: Sql, id: string, changes: Partial<Session>): Promise<void> {
    await sql('im_session').where({ id }).update(changes);
  }

  /** The tokens with this number have arrived. */
  async confirm(id: string, refreshNumber: number): Promise<void> {
    await this.#sql('im_session')
      .where({ id, refreshNumber })
      .whereNull('confirmedTime')
      .update({ confirmedTime: Date.now() });
  }

  ofUser(sql: Sql, userId: number, terminals: readonly number[]): Promise<Session[]> {
    return sql('im_session')
      .where({ userId })
      .whereIn('terminal', [...terminals])
      .select() as Promise<Session[]>;
  }

  async remove(sql: Sql, sessions: readonly Pick<Session, 'id'>[]): Promise<void> {
    const ids = sessions.map(({ id }) => id);
    await sql('im_session').whereIn('id', ids).delete();
  }

  /** Users with a session, beginning after this one. */
  async usersAfter(userId: number, most: number): Promise<number[]> {
    const rows = await this.#sql('im_session')
      .where('userId', '>', userId)
      .distinct<{ userId: number }[]>('userId')
      .orderBy('userId')
      .limit(most);
    return rows.map((row) => row.userId);
  }

  /** Sessions that are over by themselves. */
  async sweep(): Promise<number> {
    return this.#sql('im_session').where('idleEndTime', '<', Date.now()).delete();
  }

  /** The moment before which push servers refuse tokens of (user, terminal); 0 for none. */
  async refusedBefore(sql: Sql, userId: number, terminal: number): Promise<number> {
    const row = await sql('im_revocation')
      .where({ userId, terminal })
      .first<{ issuedBefore: number } | undefined>('issuedBefore');
    return row?.issuedBefore ?? 0;
  }

  async refuseBefore(sql: Sql, userId: number, terminal: number, issuedBefore: number): Promise<void> {
    await sql('im_revocation')
      .insert({ userId, terminal, issuedBefore })
      .onConflict(['userId', 'terminal'])
      .merge(['issuedBefore']);
  }
}
