import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Chat, type ChatOptions, type Conversation, type ConversationView } from 'im-chat';
import type { Logger } from 'im-common';
import { createMemoryBus, createRedisBus, type Bus } from 'im-common/bus';
import { createPlatform, migrate, openDatabase, type Platform, type PlatformOptions } from 'im-platform';
import { createApiClient, unwrap } from 'im-platform/client';
import { createImServer, type ImServer } from 'im-server';
import { onCleanup, startRedis, type RedisServer } from 'im-test/support';
import { WebSocket } from 'ws';

const accessSecret = 'access-secret-of-the-tests-of-chats';
const refreshSecret = 'refresh-secret-of-the-tests-of-chats';
export const password = 'a-good-one-7';

/** A platform and a push server, in this process; ended when the test ends. */
export interface World {
  readonly url: string;
  readonly imUrl: string;
  /** Where the database and the files are. */
  readonly folder: string;
  /** Ends both, and starts them again where they were; with these options, when there is something to do between. */
  restart(meanwhile?: () => Promise<Partial<PlatformOptions>>): Promise<void>;
  /** Opens an account, and says its user's id. */
  register(userName: string): Promise<string>;
  /** Makes two people friends. Says the id of their conversation. */
  befriend(userName: string, other: string): Promise<string>;
  /** A group of these, opened by the first. Says the id of its conversation. */
  group(userNames: readonly string[]): Promise<string>;
  /** Somebody's device, that is signed in. */
  signIn(userName: string, options?: Partial<ChatOptions>, device?: 'web' | 'app'): Promise<Chat>;
  /** The same, not signed in yet. */
  chat(options?: Partial<ChatOptions>): Chat;
}

/** What goes on behind the platform, for a test that looks for something there. */
export interface Watched {
  /** All that Redis was ever told, keys and values; as bytes, one a letter. */
  readonly redis: readonly string[];
  /** All that platform and push server said in their logs, the least of it as well. */
  readonly logged: readonly string[];
}

/** A world on a Redis of its own, and what is seen there. */
export async function startWatchedWorld(
  platformOptions: Partial<PlatformOptions> = {},
): Promise<World & { readonly watched: Watched }> {
  const server = await startRedis();
  const redis = await everythingTold(server);
  const bus = createRedisBus({ url: server.url });
  const logged: string[] = [];
  const note = (fields: object, message: string): void => {
    logged.push(`${message} ${inspect(fields, { depth: 10, maxStringLength: null })}`);
  };
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  const world = await startWorld({ logger, ...platformOptions }, bus);
  return { ...world, watched: { redis, logged } };
}

async function everythingTold(server: RedisServer): Promise<string[]> {
  const told: string[] = [];
  const monitor = await server.client().monitor();
  onCleanup(() => monitor.disconnect());
  monitor.on('monitor', (_time: string, args: readonly string[]) => void told.push(args.join(' ')));
  return told;
}

export async function startWorld(
  platformOptions: Partial<PlatformOptions> = {},
  bus: Bus = createMemoryBus(),
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-chat-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  const database = `sqlite:${join(folder, 'im.db')}`;
  const opened = openDatabase({ url: database });
  await migrate(opened.sql);
  await opened.close();
  await bus.start();
  onCleanup(() => bus.close());
  const startServer = async (port: number): Promise<ImServer> => {
    const { logger } = platformOptions;
    const given = { host: '127.0.0.1', port, jwtSecret: accessSecret, bus, ...(logger && { logger }) };
    const server = createImServer(given);
    await server.start();
    return server;
  };
  const startPlatform = async (port: number, more: Partial<PlatformOptions> = {}): Promise<Platform> => {
    const platform = createPlatform({
      ...{
        host: '127.0.0.1',
        port,
        // The page that it serves may speak to it.
        imUrl: server.url,
        accessSecret,
        refreshSecret,
        database,
        bus,
        filesDir: join(folder, 'files'),
      },
      // Everybody comes from here.
      ...{ registrationsPerHour: 10_000, requestsPerMinute: 100_000, friendship: 'open' },
      // Programs write faster than people.
      messagesPerMinute: 100_000,
      ...platformOptions,
      ...more,
    });
    await platform.start();
    return platform;
  };
  let server = await startServer(0);
  let platform = await startPlatform(0);
  onCleanup(async () => {
    await platform.close();
    await server.close();
  });
  const ids = new Map<string, string>();
  const [url, imUrl] = [platform.url, server.url];
  const chat = (options: Partial<ChatOptions> = {}): Chat => {
    const made = new Chat({
      ...{ url, imUrl, WebSocket, language: 'en', device: { backoffBaseMs: 50, backoffCeilingMs: 200 } },
      ...options,
    });
    onCleanup(() => made.close());
    return made;
  };
  const as = async (userName: string) => {
    const api = createApiClient({ url });
    await unwrap(api.POST('/v1/sessions', { body: { userName, password, device: 'pc' } }));
    return api;
  };
  return {
    ...{ url, imUrl, folder, chat },
    async restart(meanwhile) {
      await platform.close();
      await server.close();
      const more = await meanwhile?.();
      server = await startServer(Number(new URL(imUrl).port));
      platform = await startPlatform(Number(new URL(url).port), more);
    },
    async register(userName) {
      const api = createApiClient({ url });
      await unwrap(api.POST('/v1/accounts', { body: { userName, password } }));
      const { id } = await unwrap((await as(userName)).GET('/v1/me'));
      ids.set(userName, id);
      return id;
    },
    async befriend(userName, other) {
      const api = await as(userName);
      await unwrap(api.PUT('/v1/friends/{userId}', { params: { path: { userId: ids.get(other) ?? '' } } }));
      const { items } = await unwrap(api.GET('/v1/friends', { params: { query: {} } }));
      return items.find(({ userId }) => userId === ids.get(other))?.conversationId ?? '';
    },
    async group([owner = '', ...others]) {
      const api = await as(owner);
      const { id, conversationId } = await unwrap(api.POST('/v1/groups', { body: { name: `of ${owner}` } }));
      const userIds = others.map((name) => ids.get(name) ?? '');
      const params = { path: { groupId: id } };
      await unwrap(api.POST('/v1/groups/{groupId}/members', { params, body: { userIds } }));
      return conversationId;
    },
    async signIn(userName, options, device = 'web') {
      const made = chat(options);
      await made.signIn({ userName, password, device });
      await until(
        made.session,
        (session) => session.kind === 'signed-in' && session.connection.kind === 'online',
      );
      return made;
    },
  };
}

/** Resolves with the first value that is as wanted. */
export function until<Value>(
  readable: { readonly get: () => Value; readonly subscribe: (listener: () => void) => () => void },
  isIt: (value: Value) => boolean,
): Promise<Value> {
  return new Promise((resolve) => {
    const off = readable.subscribe(() => look());
    const look = (): void => {
      const value = readable.get();
      if (!isIt(value)) return;
      off();
      resolve(value);
    };
    look();
  });
}

/** The texts of a conversation, as they are shown. */
export function textsOf({ messages }: ConversationView): string[] {
  return messages.map(({ content }) => ('text' in content ? content.text : content.type));
}

/** Resolves when a conversation shows these texts at its end, and all of them are at the platform. */
export function says(conversation: Conversation, ...texts: readonly string[]): Promise<ConversationView> {
  return until(conversation, (view) => {
    const last = view.messages.slice(-texts.length);
    return (
      last.every(({ number }) => number !== undefined) &&
      textsOf({ ...view, messages: last }).join('\n') === texts.join('\n')
    );
  });
}
