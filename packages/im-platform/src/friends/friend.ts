import { z } from 'zod';
import { withoutNulls } from '../push/platform-im.ts';
import type { Language } from '../http/texts.ts';
import { systemAccount, systemAccountId } from '../users/system-account.ts';

/** One direction of a friendship, as the table has it: what `userId` keeps about `friendId`. */
export interface Friend {
  readonly userId: number;
  readonly friendId: number;
  readonly friendNickName: string;
  /** The small one. */
  readonly friendHeadImage: string;
  readonly isDnd: number | null;
  readonly deleted: number;
}

export const friendColumns = [
  'userId',
  'friendId',
  'friendNickName',
  'friendHeadImage',
  'isDnd',
  'deleted',
] as const;

/** How keys of messages begin by which the system account tells of requests of this one: so they are found when that one is erased. */
export function requestNoticeOf(fromId: number): string {
  return `asks:${fromId}:`;
}

/** Contract C.4. */
export const friendVO = z.object({
  id: z.int(),
  nickName: z.string(),
  headImage: z.string(),
  isDnd: z.boolean().nullable(),
  deleted: z.boolean(),
});

export type FriendVO = z.output<typeof friendVO>;

export function toFriendVO({ friendId, friendNickName, friendHeadImage, isDnd, deleted }: Friend): FriendVO {
  return {
    deleted: deleted === 1,
    headImage: friendHeadImage,
    id: friendId,
    isDnd: isDnd === null ? null : isDnd === 1,
    nickName: friendNickName,
  };
}

/** The system account is everybody's friend, without rows. */
export function systemFriend(userId: number, language: Language): Friend {
  const { nickName, headImageThumb } = systemAccount(language);
  return {
    ...{ userId, friendId: systemAccountId, friendNickName: nickName, friendHeadImage: headImageThumb },
    ...{ isDnd: null, deleted: 0 },
  };
}

/** As it goes into the content of FRIEND_NEW: the names in alphabetical order, no nulls. */
export function toFriendText(friend: Friend): string {
  return JSON.stringify(withoutNulls(toFriendVO(friend)));
}
