import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { Language } from '../http/texts.ts';
import type { AcceptPicture } from '../files/own-pictures.ts';
import type { PrivacyStore } from '../privacy/privacy-store.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { systemAccount, systemAccountId } from './system-account.ts';
import type { Profile, UserStore } from './user-store.ts';
import { asFriend, asHimself, asStranger, type User, type SeenUser } from './user.ts';

export interface ProfileDeps {
  readonly database: Pick<Database, 'transaction'>;
  readonly users: UserStore;
  readonly im: Pick<PlatformIm, 'onlineTerminals'>;
  readonly privacy: Pick<PrivacyStore, 'showPresenceTo'>;
  readonly words: Pick<SensitiveWords, 'contains'>;
  readonly acceptPicture: AcceptPicture;
  /** Of the name of the system account. */
  readonly language: Language;
}

/** The terminals on which a user is connected. */
export interface OnlineUser {
  readonly userId: number;
  readonly terminals: number[];
}

/** A page shows a few hundred friends. */
const mostAskedFor = 1_000;

/** What people see of each other. */
export class ProfileService {
  readonly #deps: ProfileDeps;

  constructor(deps: ProfileDeps) {
    this.#deps = deps;
  }

  async self(userId: number): Promise<SeenUser> {
    return asHimself(await this.#find(userId));
  }

  async find(userId: number, id: number): Promise<SeenUser> {
    if (id === systemAccountId) return asStranger(systemAccount(this.#deps.language));
    const [found] = await this.#asSeenBy(userId, [await this.#find(id)]);
    if (!found) throw new Refusal('userUnknown');
    return found;
  }

  /** Nobody for an empty text: it would list everybody. Whoever is found by login name has told it to the caller. */
  async search(userId: number, text: string): Promise<SeenUser[]> {
    if (text === '') return [];
    const users = await this.#deps.users.search(text);
    const found = await this.#asSeenBy(userId, users);
    return found.map((user, index) => (users[index]?.userName === text ? { ...user, userName: text } : user));
  }

  /** Friends and groups show the new name and picture from now on. Nothing is pushed; pages see it when they load. */
  async update(userId: number, id: number, profile: Profile): Promise<void> {
    const { database, users, words, acceptPicture } = this.#deps;
    if (id !== userId) throw new Refusal('otherUser');
    if (words.contains(profile.nickName)) throw new Refusal('nickNameSensitive');
    await database.transaction(async (sql) => {
      const before = await users.findForUpdate(sql, userId);
      if (!before) throw new Refusal('userUnknown');
      const pictures = {
        headImage: await acceptPicture(sql, userId, { before: before.headImage, url: profile.headImage }),
        headImageThumb: await acceptPicture(sql, userId, {
          ...{ before: before.headImageThumb, url: profile.headImageThumb },
        }),
      };
      await users.setProfile(sql, userId, { ...profile, ...pictures });
      const { nickName } = profile;
      const { headImageThumb = before.headImageThumb } = pictures;
      if (nickName !== before.nickName || headImageThumb !== before.headImageThumb)
        await users.setShownAs(sql, userId, nickName, headImageThumb);
    });
  }

  /** Of those who are online, known to the caller, and show it; the rest is left out as if it were offline. */
  async online(userId: number, userIds: readonly number[]): Promise<OnlineUser[]> {
    const asked = [...new Set(userIds)].slice(0, mostAskedFor);
    const { users, privacy, im } = this.#deps;
    const known = await privacy.showPresenceTo(userId, await users.acquaintancesOf(userId, asked));
    const online = await im.onlineTerminals(known);
    return known.flatMap((id) => {
      const terminals = online.get(String(id));
      return terminals ? [{ userId: id, terminals }] : [];
    });
  }

  async #find(id: number): Promise<User> {
    const user = await this.#deps.users.find(id);
    if (!user) throw new Refusal('userUnknown');
    return user;
  }

  /** In their order; friends with what is for friends. */
  async #asSeenBy(userId: number, users: readonly User[]): Promise<SeenUser[]> {
    const { users: store, im, privacy } = this.#deps;
    const ids = users.map(({ id }) => id);
    const friends = new Set(await store.friendsOf(userId, ids));
    friends.add(userId);
    const shown = await privacy.showPresenceTo(
      userId,
      ids.filter((id) => friends.has(id)),
    );
    const online = await im.onlineTerminals(shown);
    return users.map((user) =>
      friends.has(user.id) ? asFriend(user, online.has(String(user.id))) : asStranger(user),
    );
  }
}
