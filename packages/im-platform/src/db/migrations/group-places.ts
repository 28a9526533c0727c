import type { Knex } from 'knex';
import { chunksOf } from '../chunks.ts';

// Of 009: who is in which group, from and up to which message, and how far they have read. Each question names its numbers instead of
// those of a row: only so is the first message of a group since then one entry of its index. Asked by a row it is the whole group, and of
// ten thousand members ten thousand times.

interface Member {
  readonly id: number;
  readonly groupId: number;
  readonly userId: number;
  readonly createdTime: number;
  readonly quit: number;
  readonly quitTime: number | null;
  readonly isDnd: number | null;
  readonly readTo: number | null;
  readonly lastNumber: number | null;
}

const membersAtOnce = 250;
const questionsAtOnce = 100;
const nothing = 'select null';

/** `skips`: what counts for nobody, which is in im_migrated_skip as well. */
export async function placeInGroups(sql: Knex, skips: string): Promise<void> {
  let last: Member | undefined;
  do {
    const members = await findMembers(sql, last?.id ?? 0);
    if (members.length > 0) await place(sql, members, skips);
    last = members.at(-1);
  } while (last);
}

function findMembers(sql: Knex, after: number): Promise<Member[]> {
  return sql('im_group_member as m')
    .leftJoin('im_conversation as c', 'c.conversation', sql.raw("concat('group:', m.group_id)"))
    .leftJoin('im_group_message as r', { 'r.id': 'm.readId', 'r.groupId': 'm.groupId' })
    .where('m.id', '>', after)
    .orderBy('m.id')
    .limit(membersAtOnce)
    .select<Member[]>(
      ...['m.id', 'm.groupId', 'm.userId', 'm.createdTime', 'm.quit', 'm.quitTime', 'm.isDnd'],
      ...['r.number as readTo', 'c.lastNumber'],
    );
}

async function place(sql: Knex, members: readonly Member[], skips: string): Promise<void> {
  const firsts = await findFirsts(sql, members);
  const lefts = await findLefts(sql, members);
  const places = members.map((member, index) => {
    const { groupId, userId, quit, quitTime, isDnd, readTo, lastNumber } = member;
    const firstNumber = firsts[index] ?? (lastNumber ?? 0) + 1;
    const left =
      quit === 1
        ? { leftNumber: lefts[index] ?? 0, leftTime: quitTime }
        : { leftNumber: null, leftTime: null };
    const readNumber = Math.max(readTo ?? 0, firstNumber - 1);
    return {
      ...{ userId, conversation: `group:${groupId}`, firstNumber, ...left, readNumber },
      muted: isDnd ?? 0,
      groupId,
    };
  });
  const skipped = await answer(
    sql,
    places.map(
      ({ conversation, readNumber }) =>
        `select count(*) from im_migrated_skip where conversation = '${conversation}' and number > ${readNumber}`,
    ),
  );
  const own = await answer(
    sql,
    places.map(
      ({ groupId, userId, readNumber }) =>
        `select count(*) from im_group_message
          where group_id = ${groupId} and number > ${readNumber} and send_id = ${userId} and not ${skips}`,
    ),
  );
  await sql('im_conversation_member').insert(
    places.map(({ groupId: _, ...row }, index) => ({
      ...row,
      skippedAtRead: 0 - (skipped[index] ?? 0),
      ownAtRead: 0 - (own[index] ?? 0),
    })),
  );
}

/** The first messages of their groups since they came. */
async function findFirsts(sql: Knex, members: readonly Member[]): Promise<(number | null)[]> {
  const ids = await answer(
    sql,
    members.map(
      ({ createdTime }) =>
        `select id from im_group_message where send_time >= ${createdTime} order by send_time, id limit 1`,
    ),
  );
  const since = ({ groupId }: Member, id: number): string => numberOf('min(id)', groupId, `id >= ${id}`);
  return answer(sql, members.map(whereKnown(ids, since)));
}

/** The last ones before those who have left did so. */
async function findLefts(sql: Knex, members: readonly Member[]): Promise<(number | null)[]> {
  const ids = await answer(
    sql,
    members.map(({ quit, quitTime }) =>
      quit === 1 && quitTime !== null
        ? `select id from im_group_message where send_time <= ${quitTime} order by send_time desc, id desc limit 1`
        : nothing,
    ),
  );
  const until = ({ groupId }: Member, id: number): string => numberOf('max(id)', groupId, `id <= ${id}`);
  return answer(sql, members.map(whereKnown(ids, until)));
}

function whereKnown(ids: readonly (number | null)[], ask: (member: Member, id: number) => string) {
  return (member: Member, index: number): string => {
    const id = ids[index] ?? null;
    return id === null ? nothing : ask(member, id);
  };
}

function numberOf(which: string, groupId: number, where: string): string {
  return `select number from im_group_message
    where id = (select ${which} from im_group_message where group_id = ${groupId} and ${where})`;
}

/** Of each question the one number that it asks for, many in one statement, and each once. */
async function answer(sql: Knex, questions: readonly string[]): Promise<(number | null)[]> {
  const answers = new Map<string, number | null>([[nothing, null]]);
  const distinct = [...new Set(questions)].filter((question) => question !== nothing);
  for (const some of chunksOf(distinct, questionsAtOnce)) {
    const asked = some.map((question, index) => `select ${index} as question, (${question}) as answer`);
    const rows = await sql
      .from(sql.raw(`(${asked.join(' union all ')}) as x`))
      .select<{ question: number; answer: number | null }[]>('question', 'answer');
    for (const row of rows) answers.set(some[row.question] ?? nothing, row.answer);
  }
  return questions.map((question) => answers.get(question) ?? null);
}
