import { randomBytes } from 'node:crypto';
import { isDuplicate, type Database } from '../db/database.ts';
import { keyInAddress, type AddressCheck } from '../files/file-addresses.ts';
import { Refusal } from '../http/refusal.ts';
import type { Audit } from '../operations/audit.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { noPassword } from '../users/password.ts';
import type { UserStore } from '../users/user-store.ts';
import type { User } from '../users/user.ts';
import type { ResolvedProvider } from './identity-provider.ts';
import type { IdentityStore } from './identity-store.ts';
import type { Outsider } from './outsider.ts';

export interface OutsidersDeps {
  readonly database: Pick<Database, 'transaction'>;
  readonly users: Pick<UserStore, 'find' | 'create'>;
  readonly identities: IdentityStore;
  readonly words: Pick<SensitiveWords, 'contains'>;
  readonly isAllowedPicture: AddressCheck;
  readonly audit: Pick<Audit, 'record'>;
}

const longestName = 20;
const longestPicture = 255;

/** Who those are here for whom others vouch. */
export class Outsiders {
  readonly #deps: OutsidersDeps;

  constructor(deps: OutsidersDeps) {
    this.#deps = deps;
  }

  /**
   * The account that is linked to them; a new one for who is seen the first time. Never one that has only the same address of mail or the same
   * name: whoever may choose these at the provider would choose an account here.
   */
  async userOf(outsider: Outsider, provider: ResolvedProvider, network: string): Promise<User> {
    const { identities, users } = this.#deps;
    const known = await identities.find(outsider);
    const userId = known?.userId ?? (await this.#open(outsider, provider, network));
    const user = await users.find(userId);
    if (user?.deletedTime !== null) throw new Refusal('userUnknown');
    return user;
  }

  async #open(outsider: Outsider, { provision, id }: ResolvedProvider, network: string): Promise<number> {
    if (!provision) throw new Refusal('notKnownHere');
    const { database, identities, users, audit } = this.#deps;
    try {
      const userId = await database.transaction(async (sql) => {
        const made = await users.create(this.#accountOf(outsider), sql);
        if (made === undefined) throw new Error('A random user name was taken.');
        await identities.add(sql, made, outsider);
        return made;
      });
      audit.record({ event: 'registered', userId, network, reason: 'provider', target: id });
      return userId;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Another request of theirs was faster.
      const known = await identities.find(outsider);
      if (!known) throw error;
      return known.userId;
    }
  }

  /** They change it here from then on. What may not be shown is left out: nobody is there who could be told. */
  #accountOf({ name, picture }: Outsider): Parameters<UserStore['create']>[0] {
    const { words, isAllowedPicture } = this.#deps;
    // Longer than what people choose, so that it takes nobody's.
    const userName = `user-${randomBytes(12).toString('base64url')}`;
    const isShown =
      picture.length <= longestPicture && isAllowedPicture(picture) && keyInAddress(picture) === undefined;
    const shown = isShown ? { headImage: picture, headImageThumb: picture } : {};
    const nickName = name === '' || words.contains(name) ? userName.slice(0, longestName) : name;
    return { userName, nickName, password: noPassword, ...shown };
  }
}
