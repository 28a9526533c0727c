import { setTimeout as sleep } from 'node:timers/promises';
import { newChromiumContext, onCleanup } from 'im-test/support';
import { spawnTied } from '../support/tied-process.ts';
import { PageUser, password } from './person.ts';

// A program says hundreds of things at once to somebody whose page is open, reloads, or loses its line. Afterwards the page has all of it.

const kinds = ['open', 'reload', 'restart'] as const;
/** Of one conversation, under way at once. */
const atOnce = 16;
/** A page whose line was cut asks every ten seconds whether the platform is there, and connects fifteen after that. */
const mostMs = 90_000;

export interface BurstOptions {
  readonly url: string;
  readonly rounds: number;
  /** Messages of a round, in each of two conversations. */
  readonly count: number;
  /** Programs beside it that compute all the time. */
  readonly busy: number;
  /** Ends platform and push server, and starts them again. */
  readonly restart: () => Promise<void>;
}

/** Says what went wrong: what a page lacks, or has twice. */
export async function runBurst(options: BurstOptions): Promise<string[]> {
  const { url, rounds, count, busy, restart } = options;
  for (let index = 0; index < busy; index++) {
    const load = spawnTied({ program: process.execPath, args: ['-e', 'for (;;);'], cwd: process.cwd() });
    onCleanup(() => load.signal('SIGKILL'));
  }
  const reader = await PageUser.register(await newChromiumContext({}, 'whole'), url, 'reader');
  const writer = await Writer.register(url, 'writer', 'reader');
  await writer.befriend(reader);
  const groupId = await writer.openGroup();
  const said = { PRIVATE: new Set<number>(), GROUP: new Set<number>() };
  const problems: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const kind = kinds[round % kinds.length] ?? 'open';
    const sends = (['PRIVATE', 'GROUP'] as const).map(async (type) => {
      const to = type === 'PRIVATE' ? { recvId: writer.readerId } : { groupId };
      for (const id of await writer.say(type, to, { round, count })) said[type].add(id);
    });
    const inBetween = async (): Promise<void> => {
      await sleep(300);
      if (kind === 'reload') await reader.reload();
      if (kind === 'restart') await restart();
    };
    await Promise.all([...sends, inBetween()]);
    const began = performance.now();
    let lacks = await compare(reader, said);
    while (lacks.length > 0 && performance.now() - began < mostMs) {
      await sleep(500);
      lacks = await compare(reader, said);
    }
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(
      `round ${round + 1}, ${kind}: ${lacks.length === 0 ? `all there after ${seconds} s` : lacks.join('; ')}`,
    );
    if (lacks.length === 0) continue;
    await reader.reload();
    const after = await compare(reader, said);
    problems.push(
      `round ${round + 1}, ${kind}: ${lacks.join('; ')}; after a reload: ${after.join('; ') || 'all there'}`,
    );
  }
  return problems;
}

/** What the page has of what was said, read out of it. */
async function compare(
  { page }: PageUser,
  said: Readonly<Record<'PRIVATE' | 'GROUP', ReadonlySet<number>>>,
): Promise<string[]> {
  const chats = await page.evaluate<
    { readonly type: 'PRIVATE' | 'GROUP'; readonly ids: readonly number[] }[]
  >(
    `document.querySelector('.home-page').__vue__.chatStore.findChats().map(({ type, messages }) =>
       ({ type, ids: messages.flatMap(({ id, content }) => String(content).startsWith('burst') ? [id] : []) }))`,
  );
  return (['PRIVATE', 'GROUP'] as const).flatMap((type) => {
    const ids = chats.filter((chat) => chat.type === type).flatMap((chat) => chat.ids);
    const has = new Set(ids);
    const lacking = [...said[type]].filter((id) => !has.has(id));
    return [
      ...(lacking.length > 0
        ? [`${lacking.length} of ${said[type].size} lack of ${type}: ${lacking.join(' ')}`]
        : []),
      ...(has.size < ids.length ? [`${ids.length - has.size} twice of ${type}`] : []),
    ];
  });
}

class Writer {
  readonly #url: string;
  readonly #token: string;
  readonly readerId: number;

  private constructor(url: string, token: string, readerId: number) {
    this.#url = url;
    this.#token = token;
    this.readerId = readerId;
  }

  static async register(url: string, userName: string, reader: string): Promise<Writer> {
    await call(url, undefined, 'POST', '/register', { userName, password });
    const login = { userName, password, terminal: 0 };
    const { accessToken } = (await call(url, undefined, 'POST', '/login', login)) as { accessToken: string };
    const found = await call(url, accessToken, 'GET', `/user/findByName?name=${reader}`);
    const [{ id }] = found as [{ id: number }];
    return new Writer(url, accessToken, id);
  }

  /** Asks; and the reader, at their page, asks too. */
  async befriend(reader: PageUser): Promise<void> {
    const asked = this.#call('POST', `/friend/add?friendId=${this.readerId}`);
    await asked.catch(() => undefined); // the page is told that it was sent by a refusal
    await reader.add('writer');
  }

  async openGroup(): Promise<number> {
    const { id } = (await this.#call('POST', '/group/create', { name: 'many' })) as { id: number };
    await this.#call('POST', '/group/invite', { groupId: id, friendIds: [this.readerId] });
    return id;
  }

  /** Says their ids. What fails is said again. */
  async say(
    type: 'PRIVATE' | 'GROUP',
    to: object,
    { round, count }: { readonly round: number; readonly count: number },
  ): Promise<number[]> {
    const left = Array.from({ length: count }, (_, index) => index);
    const ids: number[] = [];
    const work = async (): Promise<void> => {
      for (let index = left.shift(); index !== undefined; index = left.shift()) {
        const tmpId = `${type}-${round}-${index}`;
        const message = { ...to, type: 0, content: `burst ${round}.${index}`, tmpId };
        try {
          const { id } = (await this.#call('POST', `/message/${type.toLowerCase()}/send`, message)) as {
            id: number;
          };
          ids.push(id);
        } catch {
          left.push(index);
          await sleep(100);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return ids;
  }

  #call(method: string, path: string, body?: object): Promise<unknown> {
    return call(this.#url, this.#token, method, path, body);
  }
}

async function call(
  url: string,
  accessToken: string | undefined,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await fetch(`${url}/api${path}`, {
    method,
    headers: { ...(accessToken !== undefined && { accessToken }), 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const { code, message, data } = (await answer.json()) as { code: number; message: string; data: unknown };
  if (code !== 200) throw new Error(`${method} ${path}: ${code} ${message}`);
  return data;
}
