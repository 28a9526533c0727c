import { chunksOf } from '../db/chunks.ts';
import type { Sql } from '../db/database.ts';
import { MessageStatus } from '../wire/message-type.ts';
import { peopleOf, placesPerStatement, type PlaceKey } from './place-keys.ts';

// Box-im's front ends see how far a private message got at the message itself. Positions say the same of all at once, so both are
// moved together.

/** So few that an update goes to each by its key: one that reads on from key to key would lock what the log appends. */
const idsPerUpdate = 200;
const unread = [MessageStatus.PENDING, MessageStatus.DELIVERED];

/** What the reader got up to that number. After the sums: the status of a call says whether it counts. */
export async function markPrivatelyRead(
  sql: Sql,
  reads: readonly (PlaceKey & { readonly to: number })[],
): Promise<void> {
  const ofTwo = reads.flatMap(({ userId: recvId, conversation, to }) => {
    const people = peopleOf(conversation);
    const sendId = people.find((id) => id !== recvId) ?? people[0];
    return sendId === undefined ? [] : [{ recvId, sendId, to }];
  });
  for (const some of chunksOf(ofTwo, placesPerStatement)) {
    const rows = await sql('im_private_message')
      .where((any) => {
        for (const { recvId, sendId, to } of some)
          void any.orWhere((one) => {
            void one.where({ recvId, sendId }).whereIn('status', unread).where('number', '<=', to);
          });
      })
      .select<{ id: number }[]>('id');
    const ids = rows.map(({ id }) => id).sort((one, other) => one - other);
    for (const chunk of chunksOf(ids, idsPerUpdate))
      await sql('im_private_message')
        .whereIn('id', chunk)
        .whereIn('status', unread)
        .update({ status: MessageStatus.READED });
  }
}
