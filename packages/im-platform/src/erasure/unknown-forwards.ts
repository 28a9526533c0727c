import { toTime } from '../api/values.ts';
import { askAll } from '../db/ask-there.ts';
import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import { isOpenAt } from '../db/lane-fences.ts';
import { holdMoves } from '../db/lane-moves.ts';
import { laneOf } from '../db/lanes.ts';
import { groupIdOf } from '../groups/group.ts';
import { isPrivate } from '../inbox/message-rows.ts';
import { LaneChanges } from '../message-log/lane-changes.ts';
import { RetentionStore } from '../retention/retention-store.ts';
import { HeldUp } from './erasure.ts';
import type { ForwardOrder } from './forward-order.ts';
import { MessageEraser, tableOf } from './message-eraser.ts';

// What was forwarded before version 044, of people who were not to be named: whose words it is stands nowhere, so no erasure finds it.

interface Unknown {
  readonly conversation: string;
  readonly number: number;
}

interface Message extends Unknown {
  readonly id: number;
  readonly sendId: number;
  readonly sendTime: number;
  readonly type: number;
  readonly content: string;
}

const atOnce = 200;
/** Two people say "ok" by themselves; nobody says a sentence again, letter by letter. */
const leastTelling = 24;
const notedWithinMs = 60_000;

/** Does it in all databases, and says what is to be said. No lane moves meanwhile, or it might be passed over. */
export async function orderForwards(
  database: Database,
  order: ForwardOrder,
  say: (line: string) => void,
): Promise<void> {
  if (!database.isOneOfSeveral) return orderAll(database, order, say);
  await holdMoves(database, async () => {
    await database.findLanes();
    await orderAll(database, order, say);
  });
}

async function orderAll(database: Database, order: ForwardOrder, say: (line: string) => void): Promise<void> {
  const remover = order.what === 'remove' ? removerOn(database) : undefined;
  const which = order.what === 'remove' ? order.which : undefined;
  let count = 0;
  for await (const message of unknownForwards(database)) {
    const { conversation, number, sendId, sendTime } = message;
    const name = `${conversation}/${number}`;
    if (order.what === 'list') {
      say(`${name}  forwarded by ${sendId}, ${toTime(sendTime)}`);
      count += 1;
    } else if (order.what === 'trace') {
      const authorId = await authorOf(database, message);
      if (authorId === undefined) continue;
      count += await note(database, message, authorId);
    } else if (!which || name === `${which.conversation}/${which.number}`) {
      const isGone = await remover?.(message);
      if (isGone === true) count += 1;
      else say(`${name}  is in a conversation that is held`);
    }
  }
  const done = {
    list: 'have no author that is known',
    trace: 'have their author now',
    remove: 'are removed',
  };
  say(`${count} forwarded messages ${done[order.what]}.`);
}

async function* unknownForwards({
  laneDatabases,
}: Pick<Database, 'laneDatabases'>): AsyncGenerator<Message, void, undefined> {
  for (const at of laneDatabases) yield* unknownForwardsAt(at);
}

/** In the order of their keys; what is empty says nothing any more. */
async function* unknownForwardsAt(at: LaneDatabase): AsyncGenerator<Message, void, undefined> {
  const { sql } = at;
  for (let after: Unknown = { conversation: '', number: 0 }; ;) {
    const { conversation, number } = after;
    const keys = await sql('im_message_detail')
      .where({ isForwarded: 1, authorId: null })
      .modify(isOpenAt(at, 'conversation'))
      .where((behind) => {
        void behind.where('conversation', '>', conversation);
        void behind.orWhere((same) => void same.where({ conversation }).where('number', '>', number));
      })
      .orderBy('conversation')
      .orderBy('number')
      .limit(atOnce)
      .select<Unknown[]>('conversation', 'number');
    for (const key of keys) {
      const of = isPrivate(key.conversation)
        ? { conversation: key.conversation }
        : { groupId: groupIdOf(key.conversation) };
      const row = await sql(tableOf(key.conversation))
        .where({ ...of, number: key.number })
        .first<Omit<Message, keyof Unknown> | undefined>('id', 'sendId', 'sendTime', 'type', 'content');
      if (row && !['', '{}'].includes(row.content)) yield { ...row, ...key };
    }
    const last = keys.at(-1);
    if (!last) return;
    after = last;
  }
}

/** Who alone has said it where whoever forwarded it was. Undefined: nobody, several people, or it is too short to tell. */
async function authorOf(
  database: Pick<Database, 'of' | 'laneDatabases'>,
  message: Message,
): Promise<number | undefined> {
  const { id, sendId, type, content } = message;
  if (content.length < leastTelling) return undefined;
  const places = await askAll(database, (at) =>
    at
      .sql('im_conversation_member')
      .where({ userId: sendId })
      .modify(isOpenAt(at, 'conversation'))
      .select<{ conversation: string }[]>('conversation'),
  );
  const authors = new Set<number>();
  for (const { conversation } of places.flat()) {
    const { sql } = database.of(conversation);
    const of = isPrivate(conversation) ? { conversation } : { groupId: groupIdOf(conversation) };
    const said = await sql(tableOf(conversation))
      .where({ ...of, type })
      .where('id', '<', id)
      .whereRaw('?? = ?', ['content', content])
      .select<{ number: number; sendId: number }[]>('number', 'sendId');
    for (const one of said) {
      const forward = await sql('im_message_detail')
        .where({ conversation, number: one.number, isForwarded: 1 })
        .first<{ authorId: number | null } | undefined>('authorId');
      // One more that nobody knows says nothing against the others.
      if (forward?.authorId !== null) authors.add(forward?.authorId ?? one.sendId);
    }
  }
  const [author] = authors;
  return authors.size === 1 ? author : undefined;
}

/** And if they are erased already, or are being, it is erased now. */
async function note(
  database: Pick<Database, 'sql' | 'transaction' | 'of'>,
  { conversation, number }: Unknown,
  authorId: number,
): Promise<number> {
  const noteIn = (sql: Sql): Promise<number> =>
    sql('im_message_detail')
      .where({ conversation, number, isForwarded: 1, authorId: null })
      .update({ authorId });
  const at = database.of(conversation);
  if (at.name === '')
    return database.transaction(async (sql) => {
      const noted = await noteIn(sql);
      await eraseAgain(sql, authorId, Date.now());
      return noted;
    });
  // Before it as well, and a little later: whoever dies when it is noted finds it no more, and the erasure does.
  await eraseAgain(database.sql, authorId, Date.now() + notedWithinMs);
  const noted = await at.changeIn([laneOf(conversation)], noteIn);
  await database
    .sql('im_erasure')
    .where({ userId: authorId, state: 'waiting' })
    .update({ nextTime: Date.now() });
  return noted;
}

async function eraseAgain(sql: Sql, userId: number, nextTime: number): Promise<void> {
  await sql('im_erasure')
    .where({ userId, nextTime: null })
    .update({ state: 'waiting', nextTime, doneTime: null });
}

/** As an erasure does it. False: it is held. */
function removerOn(database: Database): (message: Message) => Promise<boolean> {
  const eraser = new MessageEraser({
    database,
    lanes: new LaneChanges(database),
    store: new RetentionStore(database),
  });
  const uncounted = {
    count: () => Promise.resolve(() => undefined),
    countThere: () => Promise.resolve({}),
    noteThere: () => Promise.resolve(),
  };
  return async ({ conversation, id }) => {
    try {
      await eraser.erase(uncounted, conversation, { ids: [id], as: 'forwards' });
      return true;
    } catch (error) {
      if (error instanceof HeldUp) return false;
      throw error;
    }
  };
}
