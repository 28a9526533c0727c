import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Chat, memoryStore } from 'im-chat';
import { endToEnd, type EndToEnd } from 'im-chat/end-to-end';
import { createApiClient, unwrap } from 'im-platform/client';
import { WebSocket } from 'ws';
import { freePort } from '../../../support/index.ts';
import { waitUntil } from '../../../support/wait-until.ts';
import { CuttingWire, type Cut, type CutHow } from '../../kit/cutting-wire.ts';
import { migratedFor } from '../../kit/databases.ts';
import { enter, startOwnRedis, startProgram, type Device } from '../../kit/few.ts';
import { PlatformProgram, type PlatformChildOptions } from '../../kit/platform.ts';
import type { Random } from '../../kit/random.ts';
import type { Scope } from '../../kit/scope.ts';

export const password = 'a-good-one-7';
export const patienceMs = 120_000;

export interface Person {
  readonly chat: Chat;
  readonly keys: EndToEnd;
  readonly id: string;
  /** As when its network is back. */
  reconnect(): void;
}

/** Where it was; or with these flags of Node another one, beside it. */
type Begin = (another?: Another) => Promise<PlatformProgram>;

interface Another extends Pick<PlatformChildOptions, 'dieAt'> {
  readonly flags?: readonly string[];
}

/** A platform that is killed, and comes back where it was. */
export class Stage {
  readonly problems: string[] = [];
  readonly wire: CuttingWire;
  kills = 0;
  given = 0;
  readonly #scope: Scope;
  readonly #imUrl: string;
  readonly #begin: Begin;
  readonly #claimed = new Set<string>();
  #program: PlatformProgram;

  static async start(scope: Scope, store: 'sqlite' | 'mariadb', random: Random): Promise<Stage> {
    const filesDir = await mkdtemp(join(tmpdir(), 'im-test-end-to-end-'));
    scope.onEnd(() => rm(filesDir, { recursive: true, force: true }));
    const { url: databaseUrl } = await migratedFor(scope, store);
    const { url: redisUrl } = await startOwnRedis(scope);
    const { url: imUrl } = await startProgram(scope, redisUrl);
    const port = await freePort();
    const begin: Begin = (another) => {
      const { flags = [], ...more } = another ?? {};
      const platform = {
        ...{ endToEnd: true, port: another ? 0 : port, friendship: 'open' as const },
        registrationsPerHour: 100_000,
      };
      return PlatformProgram.start(scope, { databaseUrl, redisUrl, filesDir, platform, ...more }, flags);
    };
    return new Stage({ scope, random, imUrl, begin, program: await begin() });
  }

  private constructor(given: {
    readonly scope: Scope;
    readonly random: Random;
    readonly imUrl: string;
    readonly begin: Begin;
    readonly program: PlatformProgram;
  }) {
    this.#scope = given.scope;
    this.#imUrl = given.imUrl;
    this.#begin = given.begin;
    this.#program = given.program;
    this.wire = new CuttingWire(given.random, (path, answer) => void this.#heard(path, answer.clone()));
  }

  get url(): string {
    return this.#program.url;
  }

  /** Beside the one that is there. */
  another(how: Another): Promise<PlatformProgram> {
    return this.#begin(how);
  }

  /** A device that has no keys: what somebody is told. */
  listen(userId: number): Promise<Device> {
    return enter(this.#scope, Number(new URL(this.#imUrl).port), userId);
  }

  /** One kill in the middle of all of these. Each act goes on until it is done. */
  async killIn(
    how: CutHow,
    cuts: readonly Cut[],
    acts: readonly (() => Promise<unknown>)[],
    comeBack: readonly Person[] = [],
  ): Promise<void> {
    this.wire.arm(cuts, how);
    const done = Promise.all(acts.map(again));
    // What it says is heard below.
    done.catch(() => undefined);
    await Promise.race([
      this.wire.cut(() => this.#program.kill()),
      done.then(() => new Promise(() => undefined)),
    ]);
    this.kills += 1;
    this.#program = await this.#begin();
    for (const one of comeBack) one.reconnect();
    await done;
  }

  async register(userName: string): Promise<string> {
    const api = createApiClient({ url: this.#program.url });
    await unwrap(api.POST('/v1/accounts', { body: { userName, password } }));
    await unwrap(api.POST('/v1/sessions', { body: { userName, password, device: 'pc' } }));
    return (await unwrap(api.GET('/v1/me'))).id;
  }

  /** A new device of somebody; `who` is what the wire calls it. */
  async device(userName: string, who: string, kind: 'web' | 'app' = 'web'): Promise<Person> {
    const keys = endToEnd();
    const sockets: WebSocket[] = [];
    class Kept extends WebSocket {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    }
    const chat = new Chat({
      ...{ url: this.#program.url, imUrl: this.#imUrl, WebSocket: Kept, language: 'en' },
      ...{ encryption: keys, store: memoryStore(), fetch: (request) => this.wire.ask(who, request) },
      device: { backoffBaseMs: 50, backoffCeilingMs: 200 },
    });
    this.#scope.onEnd(() => chat.close());
    await chat.signIn({ userName, password, device: kind });
    await waitUntil('somebody is signed in', async () => chat.me.get() !== undefined, patienceMs);
    const reconnect = (): void => {
      for (const socket of sockets.splice(0)) socket.terminate();
    };
    return { chat, keys, id: chat.me.get()?.id ?? '', reconnect };
  }

  /** A key that is no fallback is given once. */
  async #heard(path: string, answer: Response): Promise<void> {
    if (!path.endsWith('/keys/claim') || !answer.ok) return;
    const { keys } = (await answer.json()) as {
      keys: readonly { userId: string; deviceId: string; id: string; key: string }[];
    };
    for (const { userId, deviceId, id, key } of keys) {
      if (key.includes('"fallback":true')) continue;
      const name = `${userId} ${deviceId} ${id}`;
      if (this.#claimed.has(name)) this.problems.push(`key ${name} was given twice`);
      this.#claimed.add(name);
      this.given += 1;
    }
  }
}

/** Until it is answered, however often it is cut off. */
export async function again(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if ((error as { retryable?: boolean }).retryable !== true) throw error;
      await sleep(50);
    }
  }
}
