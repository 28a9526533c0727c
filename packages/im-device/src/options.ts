import { DeviceError } from './errors.ts';
import type { Locate } from './reconnect/locate.ts';
import { platform, type WebSocketConstructor } from './platform.ts';

/** Gives an access token. `refresh` is true when the last one was refused or is about to end: then ask for a fresh one. */
export type GiveToken = (wish: { readonly refresh: boolean }) => string | Promise<string>;

export interface DeviceOptions {
  /** Where the server is, e.g. `wss://push.example.com/im`. One of `url`, `urls` and `locate` is needed. */
  readonly url?: string | undefined;
  /** Several servers of one cluster. The device begins with any of them, and goes on to the next when one is of no use. */
  readonly urls?: readonly string[] | undefined;
  /** Asked before each attempt to connect. */
  readonly locate?: Locate | undefined;
  /** The access token that your backend gave the user, or what gives one: asked before each attempt, and before it ends. */
  readonly token: string | GiveToken;
  /** The terminal, when the token names none. @default what the token says */
  readonly terminal?: number | undefined;
  /** Names this page or installation: the same one coming back is not kicked. @default chosen at random */
  readonly devId?: string | undefined;
  /**
   * A message may arrive after younger ones of the same sender when a server died or the device moved. `refuse` drops it
   * and tells the sender, so that it comes with what the application catches up on; `deliver` hands it over all the same.
   * @default 'refuse'
   */
  readonly late?: 'refuse' | 'deliver' | undefined;
  /**
   * One tab of several holds the connection for all of the same user. `true` takes the user from the token (a JWT with
   * `sub` or `aud`); a name of your own must differ from user to user. Without Web Locks or BroadcastChannel, each tab
   * has a connection of its own. @default false
   */
  readonly share?: boolean | string | undefined;
  /** Ends the device as `close()` does. */
  readonly signal?: AbortSignal | undefined;
  /** For Node before 22: the `WebSocket` of `ws`. @default the platform's */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** Where chance comes from. @default Math.random */
  readonly random?: (() => number) | undefined;

  /** Longest first wait after a lost connection; doubles with each failure. Raising it spreads devices more. @default 1_000 */
  readonly backoffBaseMs?: number | undefined;
  /** Longest wait between attempts. Raising it spares a server that is down for long. @default 30_000 */
  readonly backoffCeilingMs?: number | undefined;
  /** Time for `locate`, for `token` and for the handshake, each. @default 10_000 */
  readonly connectTimeoutMs?: number | undefined;
  /** Time for the server to answer the login. @default 10_000 */
  readonly loginTimeoutMs?: number | undefined;
  /** Shortest silence before a heartbeat. Raising it saves battery where networks are good. @default 10_000 */
  readonly heartbeatFloorMs?: number | undefined;
  /** Longest. Keep it below the silence after which servers hang up, 60 s. @default 50_000 */
  readonly heartbeatCeilingMs?: number | undefined;
  /** Time for the answer to a heartbeat, but never more than the interval. Lower takes a slow network for a dead one. @default 5_000 */
  readonly answerTimeoutMs?: number | undefined;
  /** A fresh token is asked for so long before the old one ends, or when a third of its time is left. @default 60_000 */
  readonly refreshLeadMs?: number | undefined;
}

type WithDefault = 'late' | 'share' | 'random' | Extract<keyof DeviceOptions, `${string}Ms`>;

type Complete<T> = { readonly [Name in keyof T]-?: Exclude<T[Name], undefined> };

export const deviceDefaults: Complete<Pick<DeviceOptions, WithDefault>> = {
  late: 'refuse',
  share: false,
  random: Math.random,
  backoffBaseMs: 1_000,
  backoffCeilingMs: 30_000,
  connectTimeoutMs: 10_000,
  loginTimeoutMs: 10_000,
  heartbeatFloorMs: 10_000,
  heartbeatCeilingMs: 50_000,
  answerTimeoutMs: 5_000,
  refreshLeadMs: 60_000,
};

/** Beside those with a default. */
const names: { readonly [Name in Exclude<keyof DeviceOptions, WithDefault>]-?: true } = {
  url: true,
  urls: true,
  locate: true,
  token: true,
  terminal: true,
  devId: true,
  signal: true,
  WebSocket: true,
};

/** Options with nothing left open. */
export type ResolvedOptions = Complete<Pick<DeviceOptions, WithDefault | 'locate' | 'devId' | 'WebSocket'>> &
  Pick<DeviceOptions, 'token' | 'terminal' | 'signal'>;

/** Fills in defaults and checks; throws INVALID_OPTION naming the option and what it may be. */
export function resolveOptions(options: DeviceOptions): ResolvedOptions {
  // Not im-common's checks, which say what was probably meant and are as large as a seventh of this package.
  const written = (options as object | undefined) ?? {};
  const unknown = Object.keys(written).find((name) => !(name in { ...names, ...deviceDefaults }));
  if (unknown !== undefined) throw new DeviceError('INVALID_OPTION', `The option ${unknown} is unknown.`);
  const given = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
  const all = { ...deviceDefaults, ...given } as typeof deviceDefaults & DeviceOptions; // checked below
  for (const [name, value] of Object.entries(deviceDefaults)) {
    const is = all[name as keyof typeof deviceDefaults];
    if (typeof value === 'number' && !(typeof is === 'number' && is > 0)) refuse(name, 'a time above 0');
  }
  if (all.heartbeatCeilingMs < all.heartbeatFloorMs) refuse('heartbeatCeilingMs', 'heartbeatFloorMs or more');
  if (typeof all.token !== 'function' && (typeof all.token !== 'string' || all.token === '')) {
    refuse('token', 'a token or a function');
  }
  if (all.late !== 'refuse' && (all.late as string) !== 'deliver') refuse('late', '"refuse" or "deliver"');
  const { WebSocket = platform.WebSocket } = all;
  if (!WebSocket) refuse('WebSocket', 'a class');
  return {
    ...all,
    locate: resolveLocate(all),
    devId: all.devId ?? all.random().toString(36),
    WebSocket,
  };
}

function resolveLocate({ url, urls, locate, random }: DeviceOptions & typeof deviceDefaults): Locate {
  if ([url, urls, locate].filter((way) => way !== undefined).length !== 1) {
    refuse('url', 'one of url, urls and locate');
  }
  if (locate) return locate;
  const all = urls ?? [url ?? ''];
  if (all.length === 0 || all.includes('')) refuse('urls', 'one address or more');
  let at = Math.floor(random() * all.length);
  return ({ not }) => {
    if (not === all[at]) at = (at + 1) % all.length;
    return all[at] ?? '';
  };
}

function refuse(name: string, expected: string): never {
  throw new DeviceError('INVALID_OPTION', `The option ${name} is wrong; expected ${expected}.`);
}
