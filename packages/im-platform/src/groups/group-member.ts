import { z } from 'zod';
import { shownNickName, type Membership, type MyGroup } from './group.ts';

/** A row of the list of members. */
export interface GroupMember extends Membership {
  /** The small one. */
  readonly headImage: string;
}

/** What those in a group see of each other (contract C.5). */
export const groupMemberVO = z.object({
  userId: z.int(),
  showNickName: z.string(),
  remarkNickName: z.string(),
  headImage: z.string(),
  quit: z.boolean(),
  online: z.boolean(),
  showGroupName: z.string(),
  remarkGroupName: z.string(),
});

export type GroupMemberVO = z.output<typeof groupMemberVO>;

/** `mine` is the group as whoever looks has it: what the others call it is theirs alone. */
export function toGroupMemberVO(member: GroupMember, mine: MyGroup, online: boolean): GroupMemberVO {
  const { userId, remarkNickName, headImage } = member;
  const remarkGroupName = userId === mine.userId ? mine.remarkGroupName : '';
  return {
    userId,
    showNickName: shownNickName(member),
    remarkNickName,
    headImage,
    quit: member.quit === 1,
    online,
    showGroupName: remarkGroupName === '' ? mine.name : remarkGroupName,
    remarkGroupName,
  };
}
