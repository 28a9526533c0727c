import { dyingAt } from '../../kit/dying-at.ts';
import { call, member, mostDeaths, owner, type World } from './world.ts';

const conversation = `private:${owner}:${member}`;
const path = `/v1/conversations/${conversation}/messages`;
// All of a send goes as one pack with its COMMIT: there is one place to die, and nothing of it is there then.
const tables = ['private_message', 'conversation', 'conversation_member', 'lane'];

/** Of two whose lane is in another database: the first message there ever was, and later ones. */
export async function killInPrivateSends(world: World): Promise<void> {
  for (let nth = 1; nth <= mostDeaths; nth++) {
    const text = `sent ${nth}, after ${await lastNumber(world)}`;
    const key = text.replaceAll(/\W+/g, '-');
    const body = { content: { type: 'text', text } };
    const asked = { by: nth % 2 === 0 ? owner : member, method: 'POST', path, body, key };
    const dying = await world.startAnother(dyingAt(nth, tables));
    const first = await call(dying, asked).catch((error: unknown) => error as Error);
    const isAlive = !(first instanceof Error);
    if (!isAlive) world.noteDeath('private send');
    const { status } = await call(world.survivor, asked);
    world.expect(`private send, killed at ${nth}: status`, status, 201);
    await judge(world, `private send, killed at ${nth}`, text);
    await dying.kill();
    if (isAlive) return;
  }
  world.problems.push(`a private send has more than ${mostDeaths} statements`);
}

async function judge(world: World, when: string, text: string): Promise<void> {
  const [first, there] = world.database.laneDatabases;
  if (!first || !there) throw new Error('There are two databases');
  const rows = await there
    .sql('im_private_message')
    .where({ conversation })
    .orderBy('number')
    .select<{ number: number; content: string }[]>('number', 'content');
  const numbers = rows.map((_, index) => index + 1);
  world.expect(
    `${when}: numbers`,
    rows.map(({ number }) => number),
    numbers,
  );
  world.expect(`${when}: how often`, rows.filter(({ content }) => content === text).length, 1);
  world.expect(`${when}: in the first database`, await first.sql('im_private_message').select(), []);
  const places = await there
    .sql('im_conversation_member')
    .where({ conversation, leftNumber: null })
    .orderBy('userId')
    .select<{ userId: number }[]>('userId');
  world.expect(
    `${when}: places`,
    places.map(({ userId }) => userId),
    [owner, member],
  );
  const { body } = await call(world.survivor, { by: member, method: 'GET', path });
  const { items } = body as { readonly items: readonly { readonly number: number }[] };
  // The newest ones, as a page has them.
  const read = items.map(({ number }) => number).sort((one, other) => one - other);
  world.expect(`${when}: what is read`, read, numbers.slice(-read.length));
  world.expect(`${when}: the last one read`, read.at(-1), rows.length);
}

async function lastNumber({ database }: World): Promise<number> {
  const row = await database.laneDatabases[1]
    ?.sql('im_private_message')
    .where({ conversation })
    .max<{ last: number | null }[]>('number as last');
  return row?.[0]?.last ?? 0;
}
