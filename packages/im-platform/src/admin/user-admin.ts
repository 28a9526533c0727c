import type { BanService } from '../bans/ban-service.ts';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language } from '../http/texts.ts';
import { FactorStore } from '../second-factor/factor-store.ts';
import type { Audit } from '../operations/audit.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { OwnSessions } from '../sessions/own-sessions.ts';
import type { Session } from '../sessions/session-store.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { forgetUser } from '../users/forget-user.ts';
import { makeResetToken } from '../users/password-reset.ts';
import type { User } from '../users/user.ts';
import type { Note } from './admin-route.ts';
import { beginsSo } from './prefix.ts';

export interface UserAdminDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly bans: Pick<BanService, 'banUser' | 'unbanUser'>;
  readonly ownSessions: Pick<OwnSessions, 'ofUser'>;
  readonly im: Pick<PlatformIm, 'onlineTerminals'>;
  readonly audit: Pick<Audit, 'record'>;
  /** Of the name of who is gone. */
  readonly language: Language;
}

/** A user, as those who run the platform see them. */
export interface AdminUser extends Pick<
  User,
  'id' | 'userName' | 'nickName' | 'externalId' | 'isBanned' | 'reason' | 'deletedTime'
> {
  readonly bannedUntil: number | null;
  readonly createdTime: number;
  readonly lastLoginTime: number | null;
  readonly adminId: number | null;
}

const columns = [
  ...['u.id', 'u.userName', 'u.nickName', 'u.externalId', 'u.isBanned', 'u.reason', 'u.bannedUntil'],
  ...['u.deletedTime', 'u.createdTime', 'u.lastLoginTime', 'a.userId as adminId'],
];
const resetHours = 24;

/** What admins do with accounts. */
export class UserAdmin {
  readonly #deps: UserAdminDeps;

  constructor(deps: UserAdminDeps) {
    this.#deps = deps;
  }

  async find(id: number): Promise<AdminUser> {
    const user = (await this.#users().where({ 'u.id': id }).first()) as AdminUser | undefined;
    if (!user) throw new Refusal('userUnknown');
    return user;
  }

  /** Whose user name or nickname begins so, as it is written; or whose id it is. */
  async page(prefix: string, afterId: number, limit: number): Promise<AdminUser[]> {
    return (await this.#users()
      .modify((query) => beginsSo(query, prefix, { columns: ['u.userName', 'u.nickName'], id: 'u.id' }))
      .where('u.id', '>', afterId)
      .orderBy('u.id')
      .limit(limit)) as AdminUser[];
  }

  async ban(id: number, reason: string, until: number | undefined, note: Note): Promise<void> {
    await this.#mustBe(id);
    await this.#deps.bans.banUser(id, reason, { until, within: note });
  }

  async unban(id: number, note: Note): Promise<void> {
    await this.#mustBe(id);
    await this.#deps.bans.unbanUser(id, { within: note });
  }

  /** Those that are not over, the ones that were used last first. */
  async sessions(id: number): Promise<(Session & { readonly isOnline: boolean })[]> {
    const { ownSessions, im } = this.#deps;
    await this.#mustBe(id);
    const online = (await im.onlineTerminals([id])).get(String(id)) ?? [];
    return (await ownSessions.ofUser(id)).map((session) => ({
      ...session,
      isOnline: online.includes(session.terminal),
    }));
  }

  /** Their devices are put out; they may sign in again. */
  async endSessions(id: number, note: Note): Promise<void> {
    const { database, sessions, audit } = this.#deps;
    await this.#mustBe(id);
    const closeSockets = await database.transaction(async (sql) => {
      await note(sql);
      return sessions.end(sql, id);
    });
    audit.record({ event: 'session-ended', userId: id, reason: 'admin' });
    await closeSockets();
  }

  /** For who has lost app and recovery codes; they show who they are in another way. */
  async removeSecondFactor(id: number, note: Note): Promise<void> {
    const { database, audit } = this.#deps;
    await this.#mustBe(id);
    await database.transaction(async (sql) => {
      await note(sql);
      if (!(await new FactorStore(database).remove(sql, id))) throw new Refusal('secondFactorIsOff');
    });
    audit.record({ event: 'second-factor-off', userId: id, reason: 'admin' });
  }

  /** A token with which the user sets a new password, once; what is returned is kept nowhere. */
  async resetPassword(id: number, note: Note): Promise<{ token: string; endTime: number }> {
    const { database } = this.#deps;
    const { userName } = await this.#mustBe(id);
    const token = await database.transaction(async (sql) => {
      await note(sql);
      return makeResetToken({ sql }, { userName, hours: resetHours });
    });
    return { token, endTime: Date.now() + resetHours * 3_600_000 };
  }

  /** As they would themselves: for good and at once. */
  async delete(id: number, note: Note): Promise<void> {
    const { database, sessions, audit, language } = this.#deps;
    await this.#mustBe(id);
    const closeSockets = await database.transaction(async (sql) => {
      await this.#hold(sql, id);
      await note(sql);
      const closing = await sessions.end(sql, id);
      await forgetUser(sql, id, say('deletedAccount', language));
      return closing;
    });
    audit.record({ event: 'account-deleted', userId: id, reason: 'admin' });
    await closeSockets();
  }

  /** Two who delete at once: the second finds nobody. */
  async #hold(sql: Sql, id: number): Promise<void> {
    const user = await sql('im_user')
      .where({ id })
      .forUpdate()
      .first<Pick<User, 'deletedTime'> | undefined>('deletedTime');
    if (user?.deletedTime !== null) throw new Refusal('userUnknown');
  }

  async #mustBe(id: number): Promise<AdminUser> {
    const user = await this.find(id);
    if (user.deletedTime !== null) throw new Refusal('userUnknown');
    return user;
  }

  #users() {
    return this.#deps.database
      .sql('im_user as u')
      .leftJoin('im_admin as a', 'a.userId', 'u.id')
      .select(...columns);
  }
}
