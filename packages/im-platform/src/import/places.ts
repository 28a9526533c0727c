import type { Database } from '../db/database.ts';
import { conversationOfGroup } from '../groups/group.ts';

// When all messages are there: from where and up to where each person sees a conversation, and how far they have read it. The sums
// begin with the first message, so they are those of the conversation without what comes after the place.

/** What counts for nobody, as `counts` in conversation.ts. */
const skips = '(type in (10, 21) or (type in (40, 41) and status = 3))';

/** Of two: read is what comes before the first message of the other that is not. */
export async function placePrivately({ transaction }: Pick<Database, 'transaction'>): Promise<void> {
  await transaction(async (sql) => {
    const place = 'im_conversation_member';
    const last = `select c.last_number from im_conversation c where c.conversation = ${place}.conversation`;
    const ofPlace = `from im_private_message m where m.conversation = ${place}.conversation`;
    await sql.raw(`update ${place} set read_number = coalesce(
        (select min(m.number) - 1 ${ofPlace} and m.send_id <> ${place}.user_id and m.status in (0, 1) and not ${skips}), (${last}), 0)
      where conversation like 'private:%'`);
    await sql.raw(`update ${place} set
        skipped_at_read = (select count(*) ${ofPlace} and m.number <= ${place}.read_number and ${skips}),
        own_at_read = (select count(*) ${ofPlace} and m.number <= ${place}.read_number and m.send_id = ${place}.user_id and not ${skips})
      where conversation like 'private:%'`);
  });
}

/** In groups: from joining to leaving, by the times of both; read as far as the member's row says. */
export async function placeInGroups({
  sql,
  transaction,
}: Pick<Database, 'sql' | 'transaction'>): Promise<void> {
  const groups = await sql('im_group').select<{ id: number }[]>('id');
  for (const { id } of groups)
    await transaction(async (within) => {
      const conversation = conversationOfGroup(id);
      const place = 'im_conversation_member';
      const ofGroup = 'from im_group_message g where g.group_id = :id';
      const ofMember = `from im_group_member m where m.group_id = :id and m.user_id = ${place}.user_id`;
      const numbers = { id, conversation };
      // Whoever said something and never was a member has no place.
      await within.raw(
        `delete from ${place} where conversation = :conversation and not exists (select 1 ${ofMember})`,
        numbers,
      );
      await within.raw(
        `update ${place} set
          first_number = (select coalesce(
            (select g.number ${ofGroup} and g.send_time >= m.created_time order by g.id limit 1),
            (select max(g.number) + 1 ${ofGroup}), 1) ${ofMember}),
          left_time = (select case when m.quit = 1 then m.quit_time end ${ofMember}),
          left_number = (select case when m.quit = 1 then coalesce(
            (select g.number ${ofGroup} and g.send_time <= m.quit_time order by g.id desc limit 1), 0) end ${ofMember}),
          read_number = (select coalesce(
            (select g.number ${ofGroup} and g.id <= m.read_id order by g.id desc limit 1), 0) ${ofMember})
        where conversation = :conversation`,
        numbers,
      );
      await within.raw(
        `update ${place} set read_number = first_number - 1
        where conversation = :conversation and read_number < first_number`,
        numbers,
      );
      await within.raw(
        `update ${place} set
          skipped_at_read = coalesce((select c.skipped from im_conversation c where c.conversation = :conversation), 0)
            - (select count(*) ${ofGroup} and g.number > ${place}.read_number and ${skips}),
          own_at_read = own
            - (select count(*) ${ofGroup} and g.number > ${place}.read_number and g.send_id = ${place}.user_id and not ${skips})
        where conversation = :conversation`,
        numbers,
      );
    });
}
