import { randomBytes } from 'node:crypto';
import type { Sql } from '../db/database.ts';
import { noPassword } from './password.ts';

/** What is about a user alone, and theirs alone. */
const ownRows = [
  'im_privacy',
  'im_known_network',
  'im_password_reset',
  'im_last_seen',
  'im_join_request',
  'im_block',
  'im_admin',
  'im_identity',
  'im_away_registration',
  'im_away_setting',
  'im_away_place',
  'im_second_factor',
  'im_recovery_code',
  'im_scheduled_message',
  'im_broadcast_left',
  'im_user_attribute',
  'im_campaign_list_user',
  'im_encryption_device',
  'im_encryption_key',
  'im_encryption_identity',
  'im_encryption_signature',
  'im_encryption_message',
  'im_key_backup',
  'im_key_backup_session',
];

/**
 * From this transaction on the account is nobody's: it has another name, which nobody can sign in with, and no password. Its row stays, so that its
 * id is nobody else's; what it has written stays, too, under the new name. The rest is left to deletion/, which this orders.
 */
export async function forgetUser(sql: Sql, userId: number, shownName: string): Promise<void> {
  const nobody = { headImage: '', headImageThumb: '', signature: '', sex: 0, lastLoginTime: null };
  await sql('im_user')
    .where({ id: userId })
    .update({
      ...nobody,
      // Longer than those that people choose.
      userName: `deleted:${randomBytes(15).toString('base64url')}`,
      ...{ nickName: shownName, password: noPassword, externalId: null, deletedTime: Date.now() },
    });
  await sql('im_friend')
    .where({ friendId: userId })
    .update({ friendNickName: shownName, friendHeadImage: '' });
  const shown = { userNickName: shownName, remarkNickName: '', headImage: '' };
  await sql('im_group_member')
    .where({ userId })
    .update({ ...shown, remarkGroupName: '' });
  await sql('im_group_member_past').where({ userId }).update(shown);
  await sql('im_conversation_member').where({ userId }).update({ draft: null });
  for (const table of ownRows) await sql(table).where({ userId }).delete();
  await sql('im_block').where({ blockedId: userId }).delete();
  await sql('im_friend_request').where({ fromId: userId }).orWhere({ toId: userId }).delete();
  await sql('im_account_erasure').insert({ userId, nextTime: Date.now() });
}
