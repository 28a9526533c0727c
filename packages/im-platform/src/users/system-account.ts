import { say, type Language } from '../http/texts.ts';
import type { User } from './user.ts';

/**
 * The platform itself, where it says something to one person: an account that nobody opened and that is in no table, as a row would
 * lift the ids of all accounts after it. Nobody can write to it.
 */
export const systemAccountId = 1_000_000_000_000;

export function systemAccount(language: Language): User {
  const name = say('systemName', language);
  return {
    ...{ id: systemAccountId, userName: '', nickName: name, headImage: '', headImageThumb: '' },
    ...{ password: '', sex: 0, type: 1, signature: '', isBanned: 0, reason: '', deletedTime: null },
    ...{ externalId: null, isBot: 0 },
  };
}
