// npm run sinks -- [nats] [rabbitmq] [kafka]; without a name all of them. Each gets what people say from a platform, dies in the middle and comes
// back, and must have all of it, in the order of each conversation.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBus } from 'im-common/bus';
import { createPlatform, migrate, openDatabase, seed } from 'im-platform';
import { ownArguments } from '../../scripts/own-arguments.ts';
import { waitUntil } from '../support/wait-until.ts';
import { startNats, startRabbit, type Broker } from './brokers.ts';
import { startKafka } from './kafka.ts';
import { NotHere } from './not-here.ts';

const kinds: Readonly<Record<string, () => Promise<Broker>>> = {
  nats: startNats,
  rabbitmq: startRabbit,
  kafka: startKafka,
};
const messages = 300;

const { positionals: wanted } = ownArguments({ name: 'sinks', takes: Object.keys(kinds).join(', ') });
const names = wanted.length > 0 ? wanted : Object.keys(kinds);
let failures = 0;
for (const name of names) {
  const start = kinds[name];
  if (!start) throw new Error(`There is no ${name}; expected some of ${Object.keys(kinds).join(', ')}.`);
  const startedAt = performance.now();
  try {
    const told = await journey(await start());
    console.log(`${name}: ${told}, ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  } catch (error) {
    if (error instanceof NotHere) console.error(`${name}: DID NOT RUN. ${error.message}`);
    else console.error(`${name}: FAILED.`, error);
    // Who names one wants it.
    if (!(error instanceof NotHere) || wanted.includes(name)) failures += 1;
  }
}
process.exit(failures);

async function journey(broker: Broker): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-sinks-'));
  const database = `sqlite:${join(folder, 'im.db')}`;
  const opened = openDatabase({ url: database });
  await migrate(opened.sql);
  const [one, other] = await seed(opened, { password: 'only-for-this' });
  await opened.close();
  const bus = createMemoryBus();
  await bus.start();
  const platform = createPlatform({
    ...{ host: '127.0.0.1', port: 0, database, bus, filesDir: join(folder, 'files') },
    ...{ accessSecret: 'only-for-this-test-1', refreshSecret: 'only-for-this-test-2' },
    ...{ messagesPerMinute: 100_000, requestsPerMinute: 100_000, eventSinks: [broker.url] },
  });
  await platform.start();
  try {
    const { sql } = platform.database;
    const tokens = await ask<{ accessToken: string }>('/login', {
      ...{ userName: one?.userName, password: 'only-for-this', terminal: 0 },
    });
    const friend = await sql('im_user').where({ userName: other?.userName }).first<{ id: number }>('id');
    let crash: Promise<void> | undefined;
    for (let index = 1; index <= messages; index++) {
      const body = { recvId: friend.id, content: `m${index}`, type: 0 };
      await ask('/message/private/send', body, { accessToken: tokens.accessToken });
      if (index === messages / 2) crash = broker.crash();
    }
    await crash;
    const waiting = async (): Promise<number> => (await sql('im_outbox').where({ state: 0 })).length;
    await waitUntil('all is told', async () => (await waiting()) === 0, 90_000);
    const dead = await sql('im_outbox').where({ state: 2 });
    const events = (await broker.read(messages)).map(
      (text) =>
        JSON.parse(text) as { id: string; type: string; data: { message: { content: { text: string } } } },
    );
    const said = events.filter(({ type }) => type === 'message.created');
    const first = [...new Map(said.toReversed().map((event) => [event.id, event])).values()].toReversed();
    const texts = first.map(({ data }) => data.message.content.text);
    const expected = Array.from({ length: messages }, (_, index) => `m${index + 1}`);
    if (texts.join() !== expected.join() || dead.length > 0)
      throw new Error(
        `${texts.length} of ${messages} came, ${dead.length} were given up: ${texts.join(' ')}`,
      );
    return `${texts.length} messages in order, ${said.length - texts.length} of them twice, over a crash`;
  } finally {
    await platform.close();
    await bus.close();
    await rm(folder, { recursive: true, force: true });
  }

  async function ask<T>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(`${platform.url}${path}`, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json', ...headers },
    });
    const { code, message, data } = (await answer.json()) as { code: number; message: string; data: T };
    if (code !== 200) throw new Error(`${path} was answered ${code} ${message}`);
    return data;
  }
}
