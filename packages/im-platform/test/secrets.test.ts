import { createImServer, type ImServer } from 'im-server';
import { connectDevice, onCleanup } from 'im-test/support';
import { expect, it } from 'vitest';
import { createApiClient, unwrap } from '../src/client/index.ts';
import type { Platform } from '../src/index.ts';
import { Seals } from '../src/seals/seals.ts';
import {
  accessSecret,
  refreshSecret,
  startTestPlatform,
  type TestPlatform,
} from './support/test-platform.ts';
import type { Person } from './support/person.ts';

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const [newAccess, newRefresh] = ['the-next-access-secret-of-tests', 'the-next-refresh-secret-of-tests'];

/** What is configured in each step; within a step instances are restarted in any order. */
const steps = [
  { access: [accessSecret, newAccess], refresh: [refreshSecret, newRefresh] },
  { access: [newAccess, accessSecret], refresh: [newRefresh, refreshSecret] },
  { access: [newAccess], refresh: [newRefresh] },
] as const;
type Step =
  (typeof steps)[number] | { readonly access: readonly string[]; readonly refresh: readonly string[] };

async function startServer({ bus }: TestPlatform, { access }: Step): Promise<ImServer> {
  const server = createImServer({ host: '127.0.0.1', port: 0, drainMs: 0, jwtSecret: access, bus });
  await server.start();
  onCleanup(() => server.close());
  return server;
}

/** Two platforms and two push servers, each restarted by itself. */
class Machines {
  readonly #test: TestPlatform;
  readonly platforms: Platform[] = [];
  readonly servers: ImServer[] = [];

  constructor(test: TestPlatform) {
    this.#test = test;
  }

  async restart(which: 'platforms' | 'servers', index: number, step: Step): Promise<void> {
    await this[which][index]?.close();
    if (which === 'servers') this.servers[index] = await startServer(this.#test, step);
    else {
      const { access: accessSecret, refresh: refreshSecret } = step;
      this.platforms[index] = await this.#test.startAnother({ accessSecret, refreshSecret });
    }
  }
}

/** A page that asks, connects and refreshes at whichever machine it comes to. */
class Page {
  #tokens: Tokens;

  constructor({ tokens }: Pick<Person, 'tokens'>) {
    this.#tokens = tokens;
  }

  async refresh({ url }: Platform): Promise<void> {
    const response = await fetch(`${url}/refreshToken`, {
      method: 'PUT',
      headers: { refreshToken: this.#tokens.refreshToken },
    });
    const { data, message } = (await response.json()) as { data: Tokens | null; message: string };
    if (!data) throw new Error(`Signed out: ${message}`);
    this.#tokens = data;
  }

  async ask({ url }: Platform): Promise<void> {
    const tokens = { ...this.#tokens, accessTokenExpiresInS: 0, refreshTokenExpiresInS: 0 };
    const api = createApiClient({ url, tokens: { read: () => tokens, write: () => undefined } });
    await unwrap(api.GET('/v1/me'));
  }

  async connect({ url }: ImServer): Promise<void> {
    const device = await connectDevice(url);
    device.send({ cmd: 0, data: { accessToken: this.#tokens.accessToken, devId: 1 } });
    await device.next(({ cmd }) => cmd === 0);
    await device.close();
  }
}

it('secrets are exchanged in three steps, instances in any order: nobody who asks, connects or refreshes is signed out', async () => {
  const test = await startTestPlatform({ store: 'sqlite', server: { drainMs: 0 } });
  const pages = [new Page(await test.register('ann')), new Page(await test.register('bob'))];
  const machines = new Machines(test);
  const all = [0, 1].flatMap((index) => [['platforms', index] as const, ['servers', index] as const]);
  for (const [which, index] of all)
    await machines.restart(which, index, { access: [accessSecret], refresh: [refreshSecret] });

  for (const [number, step] of steps.entries()) {
    // Another order each time: platforms first, push servers first, one of each.
    const order = [all, all.toReversed(), [...all.slice(2), ...all.slice(0, 2)]][number] ?? all;
    for (const [which, index] of order) {
      await machines.restart(which, index, step);
      for (const page of pages) {
        for (const platform of machines.platforms) await page.ask(platform);
        for (const server of machines.servers) await page.connect(server);
        // What the one signs the other takes, and takes again.
        for (const platform of machines.platforms) await page.refresh(platform);
      }
    }
  }
});

it('what is sealed is sealed anew at a start, and needs the old secret no more; what none opens is said', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const { sql } = test.platform.database;
  const [old, next] = [new Seals(refreshSecret), new Seals(newRefresh)];
  const row = { lastStep: 0, createdTime: 1, confirmedTime: 1 };
  await sql('im_second_factor').insert([
    { ...row, userId: 1, secret: old.seal('second factor', 'one') },
    {
      ...row,
      userId: 2,
      secret: new Seals('a-secret-that-nobody-has-any-more').seal('second factor', 'two'),
    },
  ]);
  const lines: [object, string][] = [];
  const silent = (): void => undefined;
  const error = (about: object, text: string): void => void lines.push([about, text]);
  const logger = { debug: silent, info: silent, warn: silent, error };

  const other = await test.startAnother({ refreshSecret: [newRefresh, refreshSecret], logger });
  await other.close();

  const [one] = (await sql('im_second_factor').where({ userId: 1 })) as { secret: string }[];
  expect(next.open('second factor', one?.secret ?? '')).toBe('one');
  expect(lines.map(([about]) => about)).toEqual([{ lost: 1 }]);
});
