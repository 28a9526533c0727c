import { createMemoryBus, createRedisBus, type Bus, type RedisBusOptions } from 'im-common/bus';
import { createImServer, type ImServerOptions } from 'im-server';
import { onCleanup, onFileCleanup, testRedis } from 'im-test/support';
import { createPlatform, type Platform, type PlatformOptions } from '../../src/index.ts';
import { openAccount, password } from './accounts.ts';
import { temporaryFolder } from './folders.ts';
import { migratedDatabase, type StoreKind } from './migrated-database.ts';
import { Person } from './person.ts';

export { storeKinds, type StoreKind } from './migrated-database.ts';

export const accessSecret = 'access-secret-of-the-tests';
export const refreshSecret = 'refresh-secret-of-the-tests';

export interface TestPlatformOptions {
  readonly store: StoreKind;
  /** Instances of the platform on the same database and bus. @default 1 */
  readonly instances?: number;
  /** @default the one in memory */
  readonly bus?: 'memory' | 'redis';
  readonly platform?: Partial<PlatformOptions>;
  readonly server?: Partial<ImServerOptions>;
}

export interface TestPlatform {
  /** The first instance. */
  readonly url: string;
  readonly imUrl: string;
  readonly platform: Platform;
  /** What platform and push server share. */
  readonly bus: Bus;
  /** Of the keys of a bus on Redis. */
  readonly keyPrefix: string;
  readonly all: readonly Platform[];
  /** Another instance on the same database and bus. */
  startAnother(options?: Partial<PlatformOptions>): Promise<Platform>;
  /** Somebody who has an account, made where accounts are kept, and has logged in. */
  register(
    userName: string,
    options?: { terminal?: number; at?: Platform; nickName?: string },
  ): Promise<Person>;
  /** Opens an account as people do, at the cost that it has for them, and logs in. */
  signUp(userName: string, options?: { at?: Platform; nickName?: string }): Promise<Person>;
  /** Logs in again, on another terminal or at another instance. */
  logIn(userName: string, options?: { terminal?: number; at?: Platform; password?: string }): Promise<Person>;
}

/** Platform, push server and database, all real; ended when the test ends. */
export function startTestPlatform(options: TestPlatformOptions): Promise<TestPlatform> {
  return startPlatform(options, onCleanup);
}

/** What is the same whoever says it. */
interface SharedPlatformOptions extends Omit<TestPlatformOptions, 'platform' | 'server'> {
  readonly platform?: {
    readonly [Name in keyof PlatformOptions]?: Extract<PlatformOptions[Name], string | number | boolean>;
  };
}

/** Those of this file, by what they were asked for. */
const shared = new Map<string, Promise<TestPlatform>>();
let tests = 0;

/**
 * One for all tests of the file that ask for the same, where each has people of its own: who is `ann` to a test has her name for others to see,
 * and signs in by another one, `ann.userName`. To start one costs more CPU than most tests do (decision 138); a test that looks at whole tables, or
 * changes what is everybody's, has one of its own.
 */
export async function sharedPlatform(options: SharedPlatformOptions): Promise<TestPlatform> {
  const wanted = JSON.stringify(options);
  let platform = shared.get(wanted);
  if (!platform) {
    platform = startPlatform(options, onFileCleanup);
    shared.set(wanted, platform);
    onFileCleanup(() => shared.delete(wanted));
  }
  return withOwnPeople(await platform, `.${(tests += 1)}`);
}

function withOwnPeople(test: TestPlatform, suffix: string): TestPlatform {
  return {
    ...test,
    register: (userName, given) => test.register(userName + suffix, { nickName: userName, ...given }),
    signUp: (userName, given) => test.signUp(userName + suffix, { nickName: userName, ...given }),
    logIn: (userName, given) => test.logIn(userName + suffix, given),
  };
}

async function startPlatform(
  options: TestPlatformOptions,
  atTheEnd: typeof onCleanup,
): Promise<TestPlatform> {
  const { store, instances = 1 } = options;
  const database = await migratedDatabase(store, atTheEnd);
  const filesDir = await temporaryFolder(atTheEnd);
  const redis = redisOptions(atTheEnd);
  const bus = options.bus === 'redis' ? createRedisBus(redis) : createMemoryBus();
  await bus.start();
  atTheEnd(() => bus.close());
  const server = createImServer({
    host: '127.0.0.1',
    port: 0,
    jwtSecret: accessSecret,
    bus,
    ...options.server,
  });
  await server.start();
  atTheEnd(() => server.close());
  const startAnother = (more: Partial<PlatformOptions> = {}, until = onCleanup): Promise<Platform> =>
    startInstance({ database, filesDir, bus, ...options.platform, ...more }, until);
  const all: Platform[] = [];
  for (let index = 0; index < instances; index++) all.push(await startAnother({}, atTheEnd));
  const [platform] = all;
  if (!platform) throw new Error('A platform has at least one instance');

  const logIn: TestPlatform['logIn'] = (
    userName,
    { terminal = 0, at = platform, password: secret = password } = {},
  ) => Person.logIn({ url: at.url, imUrl: server.url, userName, password: secret, terminal });
  return {
    url: platform.url,
    imUrl: server.url,
    platform,
    bus,
    keyPrefix: redis.keyPrefix,
    all,
    startAnother,
    logIn,
    async register(userName, { nickName, ...given } = {}) {
      await openAccount(platform, userName, nickName);
      return logIn(userName, given);
    },
    async signUp(userName, { nickName, ...given } = {}) {
      await Person.register((given.at ?? platform).url, {
        ...{ userName, password },
        ...(nickName !== undefined && { nickName }),
      });
      return logIn(userName, given);
    },
  };
}

async function startInstance(
  options: Partial<PlatformOptions> & Pick<PlatformOptions, 'database'>,
  atTheEnd: typeof onCleanup,
): Promise<Platform> {
  const platform = createPlatform({
    ...{ host: '127.0.0.1', port: 0, accessSecret, refreshSecret },
    // Everybody comes from here, and is faster than people are.
    ...{ registrationsPerHour: 10_000, messagesPerMinute: 10_000, invitationsPerHour: 10_000 },
    // What a crowd asks for at once takes its time on a busy machine; how long it may is the business of tests that say so.
    requestTimeoutMs: 30_000,
    // A look for what is due costs some six questions, and most tests wait for none: whoever does says how often.
    sweepMs: 3_000,
    // A route for each of its files, which few ask for.
    page: false,
    ...options,
  });
  await platform.start();
  atTheEnd(() => platform.close());
  return platform;
}

function redisOptions(
  atTheEnd: typeof onCleanup,
): RedisBusOptions & { readonly url: string; readonly keyPrefix: string } {
  const { url, prefix } = testRedis(atTheEnd);
  return { url, keyPrefix: prefix, commandTimeoutMs: 10_000 };
}
