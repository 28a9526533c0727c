import type { Database } from '../db/database.ts';
import type { Hindrances } from './erasure.ts';
import { isNamedIn } from './evidence.ts';

/** Of each kind; more are not named. */
export const mostNamed = 20;
const reportsAtOnce = 200;

/**
 * What of a person is to be kept for now: what somebody has reported, as those who look at it need it, and conversations that an admin holds. As long
 * as there is any, nothing of the person is erased, so that nobody has to guess what is left.
 */
export async function hindrancesOf(
  { sql }: Pick<Database, 'sql'>,
  userId: number,
  knowsArchives: boolean,
): Promise<Hindrances> {
  const reports: number[] = [];
  for (let after = 0; reports.length < mostNamed;) {
    const rows = await sql('im_report')
      .where({ isClosed: 0 })
      .where('id', '>', after)
      .orderBy('id')
      .limit(reportsAtOnce)
      .select<{ id: number; reporterId: number; userId: number; evidence: string }[]>(
        ...['id', 'reporterId', 'target', 'userId', 'evidence'],
      );
    for (const { id, evidence, ...people } of rows)
      if ([people.reporterId, people.userId].includes(userId) || isNamedIn(evidence, userId))
        reports.push(id);
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
  }
  const held = await sql('im_conversation_member as m')
    .join('im_retention as r', 'r.conversation', 'm.conversation')
    .where({ 'm.userId': userId, 'r.isHeld': 1 })
    .orderBy('m.conversation')
    .limit(mostNamed)
    .select<{ conversation: string }[]>('m.conversation');
  const archives = knowsArchives
    ? []
    : await sql('im_archive_person')
        .where({ userId })
        .orderBy('name')
        .limit(mostNamed)
        .select<{ name: string }[]>('name');
  return {
    archives: archives.map(({ name }) => name),
    reports: reports.slice(0, mostNamed),
    held: held.map(({ conversation }) => conversation),
  };
}
