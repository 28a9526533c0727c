import { z } from 'zod';

/** An account, as the table has it. */
export interface User {
  readonly id: number;
  readonly userName: string;
  readonly nickName: string;
  readonly headImage: string;
  readonly headImageThumb: string;
  readonly password: string;
  readonly sex: number;
  readonly type: number;
  readonly signature: string;
  readonly isBanned: number;
  readonly reason: string;
  /** Since then it is nobody's. */
  readonly deletedTime: number | null;
  /** What the back end calls it that made it. */
  readonly externalId: string | null;
  /** A program speaks as them. */
  readonly isBot: number;
}

/** What is seen of a user (contract C.3); of somebody else, of which some is for friends alone. */
export const userVO = z.object({
  id: z.int(),
  /** Of strangers empty: who knows the name may guess the password. */
  userName: z.string(),
  nickName: z.string(),
  sex: z.int(),
  type: z.int(),
  signature: z.string(),
  headImage: z.string(),
  headImageThumb: z.string(),
  /** Of oneself null, of strangers false. */
  online: z.boolean().nullable(),
  isBanned: z.boolean(),
  /** Why they are banned. Of others always empty; box-im's page reads it. */
  reason: z.string(),
});

export type UserVO = z.output<typeof userVO>;

/** As `/v1` shows it, too; box-im's answers have no such member. */
export type SeenUser = UserVO & { readonly isDeleted: boolean };

/** What everybody sees. */
export function asStranger(user: User): SeenUser {
  const { id, nickName, sex, type, signature, headImage, headImageThumb } = user;
  return {
    ...{ id, userName: '', nickName, sex, type, signature, headImage, headImageThumb },
    ...{ online: false, isBanned: false, reason: '', isDeleted: user.deletedTime !== null },
  };
}

export function asFriend(user: User, online: boolean): SeenUser {
  // Of who is gone there is no name to sign in with.
  const userName = user.deletedTime === null ? user.userName : '';
  return { ...asStranger(user), userName, online, isBanned: user.isBanned === 1 };
}

export function asHimself(user: User): SeenUser {
  const { userName, isBanned, reason } = user;
  return { ...asStranger(user), userName, online: null, isBanned: isBanned === 1, reason };
}
