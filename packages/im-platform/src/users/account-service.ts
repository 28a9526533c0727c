import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { Caller } from '../sessions/caller.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { TokenPair } from '../sessions/tokens.ts';
import type { LoginLimits } from './login-limits.ts';
import { hashPassword, isPassword } from './password.ts';
import type { UserStore } from './user-store.ts';

export interface AccountParts {
  readonly database: Pick<Database, 'transaction'>;
  readonly users: UserStore;
  readonly sessions: Sessions;
  readonly limits: LoginLimits;
  readonly hasForbiddenWord: (text: string) => boolean;
}

interface Registration {
  readonly userName: string;
  readonly password: string;
  readonly nickName?: string | undefined;
}

interface Login {
  readonly userName: string;
  readonly password: string;
  readonly terminal: number;
  /** Where the request comes from. */
  readonly address: string;
}

/** Accounts: who may come in, and when he is put out. */
export class AccountService {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  async register({ userName, password, nickName }: Registration): Promise<void> {
    const { users, hasForbiddenWord } = this.#parts;
    const shownName = nickName === undefined || nickName === '' ? userName : nickName;
    if (hasForbiddenWord(userName)) throw new Refusal('userNameSensitive');
    if (hasForbiddenWord(shownName)) throw new Refusal('nickNameSensitive');
    const id = await users.create({ userName, nickName: shownName, password: await hashPassword(password) });
    if (id === undefined) throw new Refusal('userNameTaken', { code: 10003 });
  }

  async logIn({ userName, password, terminal, address }: Login): Promise<TokenPair> {
    const { users, sessions, limits } = this.#parts;
    await limits.check(userName, address);
    const user = await users.findByUserName(userName);
    if (!user) {
      await limits.failed(userName, address);
      throw new Refusal('userUnknown');
    }
    if (user.isBanned === 1) throw new Refusal('bannedAtLogin', { values: { reason: user.reason } });
    if (!(await isPassword(user.password, password))) {
      await limits.failed(userName, address);
      throw new Refusal('passwordWrong', { code: 10001 });
    }
    await limits.succeeded(userName);
    await users.loggedIn(user.id);
    return sessions.open({ userId: user.id, terminal, userName, nickName: user.nickName });
  }

  /** All sessions end, on every terminal: whoever knew the old password is out. */
  async changePassword({ userId }: Caller, oldPassword: string, newPassword: string): Promise<void> {
    const { database, users, sessions } = this.#parts;
    const user = await users.find(userId);
    if (!user || !(await isPassword(user.password, oldPassword))) throw new Refusal('oldPasswordWrong');
    const password = await hashPassword(newPassword);
    const closeSockets = await database.transaction(async (sql) => {
      await users.setPassword(sql, userId, password);
      return sessions.end(sql, userId);
    });
    await closeSockets();
  }

  async logOut({ userId, terminal }: Caller): Promise<void> {
    const { database, sessions } = this.#parts;
    const closeSockets = await database.transaction((sql) => sessions.end(sql, userId, [terminal]));
    await closeSockets();
  }
}
