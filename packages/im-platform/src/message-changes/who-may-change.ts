import type { Sql } from '../db/database.ts';
import { whyClosed } from '../groups/checked-group.ts';
import type { GroupStore } from '../groups/group-store.ts';
import { roleOf, whySilent } from '../groups/role.ts';
import { Refusal } from '../http/refusal.ts';
import type { ConversationOf } from '../inbox/conversation-id.ts';
import { findHindrances, keyOf } from '../privacy/who-may.ts';

/** To write something, to write over what one has written, to react, to pin. */
export type Act = 'write' | 'edit' | 'react' | 'pin';

/**
 * Within the transaction of a change: who may not write to somebody changes nothing between the two either. In a group where only
 * admins write all members may react.
 */
export async function assertMay(
  sql: Sql,
  groups: Pick<GroupStore, 'findMine'>,
  { userId, conversation, act }: { userId: number; conversation: ConversationOf; act: Act },
): Promise<void> {
  if (conversation.kind === 'private') {
    const pair = [userId, conversation.otherId] as const;
    const hindrance = (await findHindrances(sql, 'write', [pair])).get(keyOf(pair));
    if (hindrance) throw new Refusal(hindrance);
    return;
  }
  const mine = await groups.findMine(conversation.groupId, userId, sql);
  if (!mine) throw new Refusal('conversationUnknown');
  const closed = whyClosed(mine);
  if (closed) throw closed;
  if (mine.quit === 1) throw new Refusal('notMemberForSend');
  const onlyAdminsWrite = act === 'edit' || act === 'write' ? mine.onlyAdminsWrite : 0;
  const silent = act === 'pin' ? undefined : whySilent({ ...mine, onlyAdminsWrite }, Date.now());
  if (silent) throw silent;
  if (act === 'pin' && roleOf(mine) === 'member') throw new Refusal('noPermission');
}
