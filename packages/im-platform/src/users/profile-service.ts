import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { PictureCheck } from '../own-pictures.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import type { Profile, UserStore } from './user-store.ts';
import { toUserVO, type User, type UserVO } from './user.ts';

export interface ProfileParts {
  readonly database: Pick<Database, 'transaction'>;
  readonly users: UserStore;
  readonly im: Pick<PlatformIm, 'isOnline' | 'onlineTerminals'>;
  readonly words: Pick<SensitiveWords, 'contains'>;
  readonly checkPicture: PictureCheck;
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
  readonly #parts: ProfileParts;

  constructor(parts: ProfileParts) {
    this.#parts = parts;
  }

  async self(userId: number): Promise<UserVO> {
    return toUserVO(await this.#find(userId), null);
  }

  async find(id: number): Promise<UserVO> {
    return toUserVO(await this.#find(id), await this.#parts.im.isOnline(id));
  }

  /** Nobody for an empty text: it would list everybody. */
  async search(text: string): Promise<UserVO[]> {
    return text === '' ? [] : this.#withPresence(await this.#parts.users.search(text));
  }

  /** Friends and groups show the new name and picture from now on. Nothing is pushed; pages see it when they load. */
  async update(userId: number, id: number, profile: Profile): Promise<void> {
    const { database, users, words, checkPicture } = this.#parts;
    if (id !== userId) throw new Refusal('otherUser');
    if (words.contains(profile.nickName)) throw new Refusal('nickNameSensitive');
    await database.transaction(async (sql) => {
      const before = await users.findForUpdate(sql, userId);
      if (!before) throw new Refusal('userUnknown');
      checkPicture(before.headImage, profile.headImage);
      checkPicture(before.headImageThumb, profile.headImageThumb);
      await users.setProfile(sql, userId, profile);
      const { nickName, headImageThumb = before.headImageThumb } = profile;
      if (nickName !== before.nickName || headImageThumb !== before.headImageThumb)
        await users.setShownAs(sql, userId, nickName, headImageThumb);
    });
  }

  /** Of those who are online and known to the caller; the rest is left out as if it were offline. */
  async online(userId: number, userIds: readonly number[]): Promise<OnlineUser[]> {
    const asked = [...new Set(userIds)].slice(0, mostAskedFor);
    const known = await this.#parts.users.acquaintancesOf(userId, asked);
    const online = await this.#parts.im.onlineTerminals(known);
    return known.flatMap((id) => {
      const terminals = online.get(String(id));
      return terminals ? [{ userId: id, terminals }] : [];
    });
  }

  async #find(id: number): Promise<User> {
    const user = await this.#parts.users.find(id);
    if (!user) throw new Refusal('userUnknown');
    return user;
  }

  async #withPresence(found: readonly User[]): Promise<UserVO[]> {
    const online = await this.#parts.im.onlineTerminals(found.map(({ id }) => id));
    return found.map((user) => toUserVO(user, online.has(String(user.id))));
  }
}
