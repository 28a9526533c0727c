import { joinConversation, liftPlaces } from '../conversations/places.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Database, LaneDatabase } from '../db/database.ts';
import { findPlaces } from '../db/lane-fences.ts';
import { kindOf, laneOf } from '../db/lanes.ts';
import { conversationOfGroup, groupIdOf } from '../groups/group.ts';
import { conversationsOf } from '../lanes/lane-tables.ts';
import { refused } from '../platform-error.ts';

// Databases that were put back are hardly of the very same moment, and it may have been one of them alone. Each is as it was; what one says of another
// is put right here, by the first one, which says who is in which group and where lanes are.

const atOnce = 500;

/** Refuses copies of before and after a lane moved: it would be read where it was, or nowhere. */
export async function refuseTornMoves(database: Pick<Database, 'sql' | 'laneDatabases'>): Promise<void> {
  const places = await findPlaces(database.sql);
  const openAt = new Map<number, string[]>();
  for (const { name, sql } of database.laneDatabases)
    for (const { lane } of await sql('im_lane_fence').where({ isOpen: 1 }).select<{ lane: number }[]>('lane'))
      openAt.set(lane, [...(openAt.get(lane) ?? []), name]);
  const lanes = await database.sql('im_lane_fence').orderBy('lane').select<{ lane: number }[]>('lane');
  for (const { lane } of lanes) {
    const [place, open] = [places.get(lane) ?? '', openAt.get(lane) ?? []];
    if (open.length === 1 && open[0] === place) continue;
    const where = open.length === 0 ? 'nowhere' : `in ${open.map(shown).join(' and ')}`;
    throw refused(
      `Lane ${lane} is in ${shown(place)}, says the first database, and is open ${where}: the copies are of before and after it moved. ` +
        `Put back copies of one moment; or, if you know that ${shown(place)} has all of it, open it there: im-platform lanes move ${lane} ${shown(place)}.`,
    );
  }
}

function shown(name: string): string {
  return name === '' ? 'first' : name;
}

/** Who is in a group that is elsewhere has a place there from now on, and nobody else has. Resolves with how many conversations were not so. */
export async function mendPlaces(database: Database): Promise<number> {
  let mended = 0;
  for (let after = 0; ;) {
    const groups = await database
      .sql('im_group')
      .where('id', '>', after)
      .orderBy('id')
      .limit(atOnce)
      .select<{ id: number }[]>('id');
    for (const { id } of groups) if (await mendGroup(database, id)) mended += 1;
    const last = groups.at(-1);
    if (!last) break;
    after = last.id;
  }
  // Of groups that the first one has not.
  for (const at of database.laneDatabases) if (at.name !== '') mended += await mendUnknown(database, at);
  return mended;
}

async function mendUnknown(database: Database, at: LaneDatabase): Promise<number> {
  let mended = 0;
  for (const lane of database.lanesAt(at) ?? []) {
    if (kindOf(lane) !== 'group') continue;
    for (let after = ''; ;) {
      const ids = (await conversationsOf(at.sql, lane, after, atOnce)).map(groupIdOf);
      const known = await database.sql('im_group').whereIn('id', ids).select<{ id: number }[]>('id');
      const there = new Set(known.map(({ id }) => id));
      for (const id of ids) if (!there.has(id) && (await mendGroup(database, id))) mended += 1;
      const last = ids.at(-1);
      if (last === undefined) break;
      after = conversationOfGroup(last);
    }
  }
  return mended;
}

async function mendGroup(database: Database, groupId: number): Promise<boolean> {
  const conversation = conversationOfGroup(groupId);
  const at = database.of(conversation);
  if (at.name === '') return false;
  const members = await idsOf(database.sql('im_group_member').where({ groupId, quit: 0 }));
  const places = await idsOf(at.sql('im_conversation_member').where({ conversation, leftNumber: null }));
  const joined = [...members].filter((userId) => !places.has(userId));
  const left = [...places].filter((userId) => !members.has(userId));
  if (joined.length + left.length === 0) return false;
  await at.changeIn([laneOf(conversation)], async (sql) => {
    if (joined.length > 0) await joinConversation(sql, conversation, joined, Date.now());
    const row = await sql('im_conversation')
      .where({ conversation })
      .first<{ lastNumber: number } | undefined>('lastNumber');
    // Unlike those who go with a message that says so: the next one is not for them.
    const gone = { leftNumber: row?.lastNumber ?? 0, leftTime: Date.now() };
    for (const some of chunksOf(left, atOnce)) {
      await sql('im_conversation_member').where({ conversation }).whereIn('userId', some).update(gone);
      await liftPlaces(
        sql,
        some.map((userId) => ({ userId, conversation })),
      );
    }
  });
  return true;
}

async function idsOf(query: { select(column: string): PromiseLike<unknown> }): Promise<Set<number>> {
  const rows = (await query.select('userId')) as { userId: number }[];
  return new Set(rows.map(({ userId }) => userId));
}

/** What the first one says of what was in others: that people are erased, and what their devices were told. */
export async function forgetWhatWasDone(database: Database): Promise<void> {
  const { sql, laneDatabases } = database;
  await sql('im_erasure')
    .where({ state: 'done' })
    .update({ state: 'waiting', nextTime: Date.now(), doneTime: null });
  const elsewhere = new Set(
    laneDatabases.flatMap((at) => (at.name === '' ? [] : (database.lanesAt(at) ?? []))),
  );
  const told = await sql('im_away_place').distinct<{ conversation: string }[]>('conversation');
  const gone = told.map((one) => one.conversation).filter((name) => elsewhere.has(laneOf(name)));
  for (const some of chunksOf(gone, atOnce))
    await sql('im_away_place').whereIn('conversation', some).delete();
}
