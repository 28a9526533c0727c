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
}

/** What anybody sees of a user (contract C.3). */
export const userVO = z.object({
  id: z.int(),
  userName: z.string(),
  nickName: z.string(),
  sex: z.int(),
  type: z.int(),
  signature: z.string(),
  headImage: z.string(),
  headImageThumb: z.string(),
  online: z.boolean().nullable(),
  isBanned: z.boolean(),
  reason: z.string(),
});

export type UserVO = z.output<typeof userVO>;

export function toUserVO(user: User, online: boolean | null): UserVO {
  const { id, userName, nickName, sex, type, signature, headImage, headImageThumb, isBanned, reason } = user;
  return {
    id,
    userName,
    nickName,
    sex,
    type,
    signature,
    headImage,
    headImageThumb,
    online,
    isBanned: isBanned === 1,
    reason,
  };
}
