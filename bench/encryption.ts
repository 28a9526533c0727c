// What encryption of the database costs: `npx tsx --conditions=im-source bench/encryption.ts [messages] [rounds]`. CPU of the platform's process per
// message that is sent, per message of a page of history, and per MiB of a file that comes and goes, with keys and without, in turns. SQLite, or the MySQL that MYSQL_URL names an empty database of.
import { mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBus } from 'im-common/bus';
import { createPlatform, migrate, openDatabase, seed } from 'im-platform';
import { createApiClient, unwrap, type ApiTokens } from 'im-platform/client';

const [messages, rounds] = [Number(process.argv[2] ?? 4_000), Number(process.argv[3] ?? 5)];
const [atOnce, perPage, pages] = [32, 50, 200];
const [files, mibOfFile] = [8, 8];
const password = 'only-for-this-bench';
const secret = (): string => randomBytes(32).toString('base64');
const text = 'x'.repeat(80);
const folder = await mkdtemp(join(tmpdir(), 'im-bench-'));

interface Figures {
  readonly send: number;
  readonly read: number;
  readonly upload: number;
  readonly download: number;
}

async function cpuUsOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

async function round(name: string, isOn: boolean): Promise<Figures> {
  const database = `sqlite:${join(folder, `${name}.db`)}`;
  const opened = openDatabase({ url: database });
  await migrate(opened.sql);
  await seed(opened, { password });
  await opened.close();
  const bus = createMemoryBus();
  await bus.start();
  const platform = createPlatform({
    ...{ database, bus, host: '127.0.0.1', port: 0, page: false, filesDir: join(folder, name) },
    ...{ accessSecret: secret(), refreshSecret: secret(), search: false },
    ...{ messagesPerMinute: 1_000_000, requestsPerMinute: 1_000_000, uploadsPerMinute: 1_000 },
    ...(isOn && { encryptionKeys: `bench:${secret()}` }),
  });
  await platform.start();
  let tokens: ApiTokens | undefined;
  const { url } = platform;
  const api = createApiClient({ url, tokens: { read: () => tokens, write: (fresh) => (tokens = fresh) } });
  const body = { userName: 'ann', password, device: 'web' as const };
  tokens = await unwrap(api.POST('/v1/sessions', { body }));
  const { items } = await unwrap(api.GET('/v1/conversations', { params: { query: {} } }));
  const conversationId = items.find(({ id }) => id.startsWith('private:'))?.id ?? '';
  let next = 0;
  const send = async (count: number): Promise<void> => {
    const last = next + count;
    const sender = async (): Promise<void> => {
      while (next < last) {
        const header = { 'idempotency-key': `bench-${next++}` };
        const params = { path: { conversationId }, header };
        await unwrap(
          api.POST('/v1/conversations/{conversationId}/messages', {
            params,
            body: { content: { type: 'text', text } },
          }),
        );
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
  };
  const read = async (count: number): Promise<void> => {
    for (let page = 0; page < count; page++) {
      const query = { limit: perPage, before: messages - page };
      const params = { path: { conversationId }, query };
      await unwrap(api.GET('/v1/conversations/{conversationId}/messages', { params }));
    }
  };
  const upload = async (): Promise<string> => {
    const form = new FormData();
    form.append('file', new Blob([randomBytes(mibOfFile * 2 ** 20)]), 'bench.bin');
    const headers = { authorization: `Bearer ${tokens?.accessToken ?? ''}` };
    const answer = await fetch(`${url}/v1/files?as=file`, { method: 'POST', headers, body: form });
    return ((await answer.json()) as { url: string }).url;
  };
  const addresses = [await upload()];
  const uploaded = await cpuUsOf(files * mibOfFile, async () => {
    for (let file = 0; file < files; file++) addresses.push(await upload());
  });
  const downloaded = await cpuUsOf(files * mibOfFile, async () => {
    for (const address of addresses.slice(1)) await (await fetch(address)).arrayBuffer();
  });
  await send(Math.ceil(messages / 4));
  const sent = await cpuUsOf(messages, () => send(messages));
  await read(Math.ceil(pages / 4));
  const seen = await cpuUsOf(pages * perPage, () => read(pages));
  await platform.close();
  await bus.close();
  return { send: sent, read: seen, upload: uploaded, download: downloaded };
}

function middle(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other);
  const [low = 0, mid = 0, high = 0] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `${mid.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

await round('warm', true);
const [off, on]: [Figures[], Figures[]] = [[], []];
for (let turn = 0; turn < rounds; turn++) {
  off.push(await round(`off-${turn}`, false));
  on.push(await round(`on-${turn}`, true));
}
console.log(
  `${messages} messages of ${text.length} letters, ${pages} pages of ${perPage}, ${rounds} rounds in turns; CPU in µs`,
);
const per = { send: 'message', read: 'message', upload: 'MiB', download: 'MiB' };
for (const what of ['send', 'read', 'upload', 'download'] as const)
  console.log(
    `${what}: off ${middle(off.map((one) => one[what]))}, on ${middle(on.map((one) => one[what]))} per ${per[what]}`,
  );
await rm(folder, { recursive: true });
