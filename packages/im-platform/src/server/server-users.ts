import { randomBytes } from 'node:crypto';
import { Terminal } from 'im-client';
import type { Caller } from '../http/caller.ts';
import type { Admins } from '../admins/admins.ts';
import { Refusal } from '../http/refusal.ts';
import type { Audit } from '../operations/audit.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { TokenPair } from '../sessions/tokens.ts';
import { noPassword } from '../users/password.ts';
import type { ProfileService } from '../users/profile-service.ts';
import type { Profile, UserStore } from '../users/user-store.ts';
import type { User } from '../users/user.ts';
import type { UserRef } from './user-ref.ts';

export interface ServerUserDeps {
  readonly users: UserStore;
  readonly profiles: Pick<ProfileService, 'update'>;
  readonly sessions: Pick<Sessions, 'open'>;
  readonly words: Pick<SensitiveWords, 'contains'>;
  readonly admins: Pick<Admins, 'isAdmin'>;
  readonly audit: Pick<Audit, 'record'>;
}

/** Which back end asks, and from where. */
export interface Asking {
  readonly keyId: string;
  readonly network: string;
}

interface Device {
  readonly terminal: number;
  readonly deviceName: string;
  readonly lifeS: number;
}

/** Absent: stays as it is. */
type ProfileChanges = { readonly [Name in keyof Profile]?: Profile[Name] | undefined };

interface Put {
  readonly user: User;
  readonly isNew: boolean;
}

const longestName = 20;

/** Users as another back end makes them. Nobody signs in to them with a password: they have none. */
export class ServerUsers {
  readonly #deps: ServerUserDeps;

  constructor(deps: ServerUserDeps) {
    this.#deps = deps;
  }

  async find(ref: UserRef): Promise<User> {
    const user = await this.#find(ref);
    if (!user) throw new Refusal('userUnknown');
    return user;
  }

  async findBot(ref: UserRef): Promise<User> {
    const user = await this.find(ref);
    mustBeBot(user);
    return user;
  }

  /** Each once, in their order. */
  async findAll(refs: readonly UserRef[]): Promise<User[]> {
    const byId = new Map<number, User>();
    for (const ref of refs) {
      const user = await this.find(ref);
      byId.set(user.id, user);
    }
    return [...byId.values()];
  }

  /** Makes the user, or changes what is named of them. Asked again it does nothing more, also by two at the same moment. */
  put(ref: UserRef, profile: ProfileChanges, asking: Asking): Promise<Put> {
    return this.#put(ref, profile, asking, 0);
  }

  /** The same of a bot. Who is there and is none does not become one: else whoever has a key for bots speaks as people. */
  putBot(ref: UserRef, profile: ProfileChanges, asking: Asking): Promise<Put> {
    return this.#put(ref, profile, asking, 1);
  }

  async #put(
    ref: UserRef,
    profile: ProfileChanges,
    { keyId, network }: Asking,
    isBot: User['isBot'],
  ): Promise<Put> {
    const before = await this.#find(ref);
    const id = before ? undefined : await this.#create(ref, profile.nickName, isBot);
    if (id !== undefined)
      this.#deps.audit.record({ event: 'registered', userId: id, network, reason: 'server', target: keyId });
    // Somebody may have been faster.
    const user = before ?? (await this.find(ref));
    if (isBot === 1) mustBeBot(user);
    const { nickName = user.nickName } = profile;
    if (!isAsWanted(user, profile))
      await this.#deps.profiles.update(user.id, user.id, { ...profile, nickName });
    return { user: await this.find({ kind: 'id', id: user.id }), isNew: id !== undefined };
  }

  /** Tokens of a session that ends in any case when its life is over. */
  async openSession(ref: UserRef, device: Device, { keyId, network }: Asking): Promise<TokenPair> {
    const { sessions, admins, audit } = this.#deps;
    const { id: userId, userName, nickName } = await this.find(ref);
    // Else whoever has a key for tokens runs the platform.
    if (await admins.isAdmin(userId)) throw new Refusal('adminNoTokens');
    const { terminal, ...more } = device;
    const pair = await sessions.open(
      { userId, terminal, userName, nickName },
      { network, passwordHash: undefined, ...more },
    );
    audit.record({ event: 'login', userId, terminal, network, reason: 'server', target: keyId });
    return pair;
  }

  async #find(ref: UserRef): Promise<User | undefined> {
    const { users } = this.#deps;
    const user = await (ref.kind === 'id'
      ? users.find(ref.id)
      : ref.kind === 'external'
        ? users.findByExternalId(ref.externalId)
        : users.findByUserName(ref.userName));
    return user?.deletedTime === null ? user : undefined;
  }

  /** The id; undefined: there is one of the name, or with the id at the back end. */
  #create(ref: UserRef, nickName: string | undefined, isBot: User['isBot']): Promise<number | undefined> {
    const { users, words } = this.#deps;
    if (ref.kind === 'id') throw new Refusal('userUnknown');
    const account =
      ref.kind === 'name'
        ? { userName: ref.userName }
        : // Longer than what people choose, so that it takes nobody's.
          { userName: `user-${randomBytes(12).toString('base64url')}`, externalId: ref.externalId };
    const named = ref.kind === 'name' ? ref.userName : ref.externalId;
    if (ref.kind === 'name' && (named === '' || named.length > longestName))
      throw new Refusal('userNameTooLong');
    if (ref.kind === 'name' && words.contains(named)) throw new Refusal('userNameSensitive');
    const shownName = nickName ?? named.slice(0, longestName);
    if (words.contains(shownName)) throw new Refusal('nickNameSensitive');
    return users.create({ ...account, nickName: shownName, password: noPassword, isBot });
  }
}

/** The user, as whom another back end does something: on none of their devices, so that all of them are told. */
export function toCaller({ id: userId, userName, nickName }: User): Caller {
  return { userId, terminal: Terminal.UNKNOWN, userName, nickName, sessionId: '' };
}

function mustBeBot({ isBot }: User): void {
  if (isBot !== 1) throw new Refusal('botUnknown');
}

/** So that a repeat writes nothing, and copies no names. */
function isAsWanted(user: User, profile: ProfileChanges): boolean {
  return Object.entries(profile).every(
    ([name, value]) => value === undefined || user[name as keyof Profile] === value,
  );
}
