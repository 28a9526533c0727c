import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language } from '../http/texts.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { Audit } from '../operations/audit.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Caller } from '../http/caller.ts';
import { deviceNameOf } from '../sessions/device-name.ts';
import type { SecondFactors } from '../second-factor/second-factors.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { TokenPair } from '../sessions/tokens.ts';
import { forgetUser } from './forget-user.ts';
import { orderErasure } from './order-erasure.ts';
import { useInvitation } from './invitations.ts';
import type { KnownNetworks } from './known-networks.ts';
import { isBoxImsHash, noPassword, type Passwords } from './password.ts';
import type { PasswordChecks } from './password-checks.ts';
import { findReset, useReset } from './password-reset.ts';
import { checkNewPassword } from './password-rules.ts';
import type { User } from './user.ts';
import type { UserStore } from './user-store.ts';

export interface AccountDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly users: UserStore;
  readonly knownNetworks: KnownNetworks;
  readonly passwords: Passwords;
  readonly passwordChecks: PasswordChecks;
  readonly sessions: Sessions;
  readonly secondFactors: SecondFactors;
  readonly registration: ResolvedOptions['registration'];
  readonly ownDeletion: ResolvedOptions['ownDeletion'];
  /** By network. */
  readonly registrations: Limiter;
  readonly resets: Pick<Limiter, 'take'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly shortestPassword: number;
  /** Of the name of who is gone. */
  readonly language: Language;
  readonly hasForbiddenWord: (text: string) => boolean;
}

/** So long a sign-in says who is there. */
const freshMs = 600_000;

/** Where a request comes from, and until when what it asks for may begin. */
export interface Circumstances {
  readonly network: string;
  readonly actBy: number;
}

interface Registration {
  readonly userName: string;
  readonly password: string;
  readonly nickName?: string | undefined;
  readonly invitation?: string | undefined;
}

interface Login {
  readonly userName: string;
  readonly password: string;
  readonly terminal: number;
  /** For the list of sessions; undefined: what `userAgent` says. */
  readonly deviceName?: string | undefined;
  readonly userAgent?: string | undefined;
}

/** Accounts: who may come in, and who is put out. */
export class AccountService {
  readonly #deps: AccountDeps;

  constructor(deps: AccountDeps) {
    this.#deps = deps;
  }

  async register(registration: Registration, circumstances: Circumstances): Promise<void> {
    const { userName, nickName } = registration;
    const { hasForbiddenWord, audit } = this.#deps;
    const shownName = nickName === undefined || nickName === '' ? userName : nickName;
    if (hasForbiddenWord(userName)) throw new Refusal('userNameSensitive');
    if (hasForbiddenWord(shownName)) throw new Refusal('nickNameSensitive');
    checkNewPassword(registration.password, userName, this.#deps.shortestPassword);
    const { network } = circumstances;
    try {
      const userId = await this.#openAccount({ ...registration, nickName: shownName }, circumstances);
      audit.record({ event: 'registered', userId, network });
    } catch (error) {
      if (error instanceof Refusal)
        audit.record({ event: 'registration-refused', network, reason: error.key });
      throw error;
    }
  }

  async logIn(login: Login, circumstances: Circumstances): Promise<TokenPair> {
    const { userName, password, terminal, deviceName = deviceNameOf(login.userAgent) } = login;
    const { users, knownNetworks, passwordChecks, secondFactors, sessions, audit } = this.#deps;
    const { network } = circumstances;
    const user = await users.findByUserName(userName);
    const refuse = (refusal: Refusal, reason: string = refusal.key): Refusal => {
      audit.record({ event: 'login-refused', userId: user?.id, terminal, network, reason });
      return refusal;
    };
    let isRight: boolean;
    try {
      isRight = await passwordChecks.isRight(
        { userId: user?.id, userName },
        user?.password,
        password,
        circumstances,
      );
    } catch (error) {
      throw error instanceof Refusal ? refuse(error) : error;
    }
    // One answer, in the same time, so that nobody learns who has an account.
    if (!user || !isRight)
      throw refuse(new Refusal('passwordWrong', { code: 10001 }), user ? 'passwordWrong' : 'userUnknown');
    if (user.isBanned === 1) throw refuse(new Refusal('bannedAtLogin', { values: { reason: user.reason } }));
    inTime(circumstances);
    await secondFactors.demand({ userId: user.id, terminal, deviceName }, user.password);
    await users.loggedIn(user.id);
    await knownNetworks.remember(user.id, network);
    // As it is stored: MariaDB finds names with spaces behind them, too.
    const caller = { userId: user.id, terminal, userName: user.userName, nickName: user.nickName };
    const pair = await sessions.open(caller, { network, deviceName, passwordHash: user.password });
    if (isBoxImsHash(user.password)) await this.#keepAsOurs(user, password, circumstances);
    audit.record({ event: 'login', userId: user.id, terminal, network });
    return pair;
  }

  /** The second step of who has a second factor, wherever the first one was. */
  async showFactor(ticket: string, code: string, circumstances: Circumstances): Promise<TokenPair> {
    const { users, knownNetworks, secondFactors, sessions, audit } = this.#deps;
    const { network } = circumstances;
    let user: User | undefined;
    const passwordHashOf = async (userId: number): Promise<string | undefined> => {
      user = await users.find(userId);
      return user?.password;
    };
    const { terminal, deviceName, lifeS, proof } = await secondFactors.redeem(ticket, code, {
      ...{ network, passwordHashOf },
    });
    if (!user) throw new Refusal('ticketOver');
    const { id: userId, userName, nickName, password } = user;
    const pair = await sessions.open(
      { userId, terminal, userName, nickName },
      {
        ...{ network, deviceName, lifeS, isFactorShown: true },
        passwordHash: proof === undefined ? undefined : password,
      },
    );
    await users.loggedIn(userId);
    await knownNetworks.remember(userId, network);
    audit.record({ event: 'login', userId, terminal, network, reason: 'second-factor' });
    return pair;
  }

  /** All other sessions end, on every terminal: whoever knew the old password is out. The one that changes it goes on. */
  async changePassword(
    { userId, userName, terminal, sessionId }: Caller,
    { oldPassword, newPassword }: { oldPassword: string; newPassword: string },
    circumstances: Circumstances,
  ): Promise<void> {
    const { database, users, passwords, passwordChecks, sessions, audit } = this.#deps;
    const about = { userId, terminal, network: circumstances.network };
    const user = await users.find(userId);
    try {
      if (!(await passwordChecks.isRight({ userId, userName }, user?.password, oldPassword, circumstances)))
        throw new Refusal('oldPasswordWrong');
    } catch (error) {
      if (error instanceof Refusal) audit.record({ event: 'password-refused', ...about, reason: error.key });
      throw error;
    }
    checkNewPassword(newPassword, userName, this.#deps.shortestPassword);
    const password = await passwords.hash(newPassword, circumstances.actBy);
    inTime(circumstances);
    const closeSockets = await database.transaction(async (sql) => {
      await users.setPassword(sql, userId, password);
      return sessions.end(sql, userId, { except: sessionId });
    });
    audit.record({ event: 'password-changed', ...about });
    audit.record({ event: 'session-ended', ...about, reason: 'password' });
    await closeSockets();
  }

  /** With a token of the operator, which counts once. All sessions end: whoever was in with the old password is out. */
  async resetPassword(token: string, newPassword: string, circumstances: Circumstances): Promise<void> {
    const { database, users, passwords, sessions, resets, shortestPassword, audit } = this.#deps;
    const { network, actBy } = circumstances;
    const { isWithin, waitS } = await resets.take(network);
    if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
    const userId = await findReset(database.sql, token);
    const user = userId === undefined ? undefined : await users.find(userId);
    if (!user) {
      audit.record({ event: 'password-refused', network, reason: 'resetTokenInvalid' });
      throw new Refusal('resetTokenInvalid');
    }
    checkNewPassword(newPassword, user.userName, shortestPassword);
    const password = await passwords.hash(newPassword, actBy);
    inTime(circumstances);
    const closeSockets = await database.transaction(async (sql) => {
      if (!(await useReset(sql, token))) throw new Refusal('resetTokenInvalid');
      await users.setPassword(sql, user.id, password);
      return sessions.end(sql, user.id);
    });
    audit.record({ event: 'password-changed', userId: user.id, network, reason: 'reset' });
    await closeSockets();
  }

  /** For good and at once. What there is to do with friends and groups is done after it (deletion/). */
  async deleteAccount(
    caller: Caller,
    password: string | undefined,
    circumstances: Circumstances,
  ): Promise<void> {
    const { database, users, sessions, audit, language, ownDeletion } = this.#deps;
    const { userId, terminal } = caller;
    const about = { userId, terminal, network: circumstances.network };
    try {
      await this.#mustBeThemselves(caller, password, circumstances);
    } catch (error) {
      if (error instanceof Refusal) audit.record({ event: 'password-refused', ...about, reason: error.key });
      throw error;
    }
    inTime(circumstances);
    const closeSockets = await database.transaction(async (sql) => {
      const still = await users.findForUpdate(sql, userId);
      // Another device of theirs was faster.
      if (still?.deletedTime !== null) throw new Refusal('tokenInvalid', { code: 401 });
      const closing = await sessions.end(sql, userId);
      if (ownDeletion === 'everything') await orderErasure(sql, userId, 'self');
      await forgetUser(sql, userId, say('deletedAccount', language));
      return closing;
    });
    audit.record({ event: 'account-deleted', ...about });
    await closeSockets();
  }

  async logOut(
    { userId, terminal, sessionId }: Caller,
    { network }: Pick<Circumstances, 'network'>,
  ): Promise<void> {
    const { database, sessions, audit } = this.#deps;
    const closeSockets = await database.transaction((sql) =>
      sessions.end(sql, userId, { terminals: [terminal], only: sessionId }),
    );
    audit.record({ event: 'session-ended', userId, terminal, network, reason: 'logout' });
    await closeSockets();
  }

  /** A session that somebody has found open is not enough. Who signs in at a provider shows it by having done so just now. */
  async #mustBeThemselves(
    { userId, userName, sessionId }: Caller,
    password: string | undefined,
    circumstances: Circumstances,
  ): Promise<void> {
    const { users, passwordChecks, sessions, secondFactors } = this.#deps;
    const user = await users.find(userId);
    if (user?.password === noPassword && (await secondFactors.isLinked(userId))) {
      if (!(await sessions.hasBegunWithin(sessionId, freshMs))) throw new Refusal('signInAgain');
    } else {
      const account = { userId, userName };
      if (!(await passwordChecks.isRight(account, user?.password, password ?? '', circumstances)))
        throw new Refusal('ownPasswordWrong');
    }
  }

  async #openAccount(
    { userName, password, nickName, invitation }: Registration & { readonly nickName: string },
    circumstances: Circumstances,
  ): Promise<number> {
    const { database, users, passwords, registration, registrations } = this.#deps;
    const { network, actBy } = circumstances;
    if (registration === 'closed') throw new Refusal('registrationClosed');
    if (registration === 'invited' && invitation === undefined) throw new Refusal('invitationRequired');
    const { isWithin, waitS } = await registrations.take(network);
    if (!isWithin) throw new Refusal('tooManyRegistrations', { code: 429, retryAfterS: waitS });
    const hash = await passwords.hashOfNewAccount(password, actBy);
    return database.transaction(async (sql) => {
      if (registration === 'invited' && !(await useInvitation(sql, invitation ?? '')))
        throw new Refusal('invitationInvalid');
      inTime(circumstances);
      const id = await users.create({ userName, nickName, password: hash }, sql);
      if (id === undefined) throw new Refusal('userNameTaken', { code: 10003 });
      return id;
    });
  }

  /** So that none of box-im's hashes are left where people come by. */
  async #keepAsOurs(
    { id, password: before }: Pick<User, 'id' | 'password'>,
    password: string,
    { actBy }: Circumstances,
  ): Promise<void> {
    const { users, passwords } = this.#deps;
    await users.replacePassword(id, before, await passwords.hash(password, actBy));
  }
}

/** A 503 must not have happened: nothing is written for a request that is about to get one. */
function inTime({ actBy }: Circumstances): void {
  if (performance.now() >= actBy) throw new Refusal('unavailable', { code: 503 });
}
