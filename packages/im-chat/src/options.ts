import type { DeviceOptions, WebSocketConstructor } from 'im-device';
import type { TokenStore } from 'im-platform/client';
import { memoryTokens } from './api/tokens.ts';
import type { Encryption } from './encryption/encryption.ts';
import { ChatError } from './errors.ts';
import { memoryStore } from './store/memory-store.ts';
import type { ChatStore } from './store/store.ts';

export interface ChatOptions {
  /** Where im-platform is, without `/v1`. In a page that it serves: `location.origin`. */
  readonly url: string;
  /** Where the push server is, or what says so before each attempt to connect. */
  readonly imUrl: string | (() => string | Promise<string>);
  /** Where the session is kept. @default in memory: a new process signs in again */
  readonly tokens?: TokenStore | undefined;
  /** What is kept on this device: messages to read without a network, and what is not sent yet. @default in memory */
  readonly store?: ChatStore | undefined;
  /** End-to-end encryption: `endToEnd()` of `im-chat/end-to-end`. @default none */
  readonly encryption?: Encryption | undefined;
  /** Of what the platform says. @default what the browser accepts */
  readonly language?: 'en' | 'zh' | undefined;
  /** For Node before 22: the `WebSocket` of `ws`. @default the platform's */
  readonly WebSocket?: WebSocketConstructor | undefined;
  /** @default the global one */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Longest wait for an answer of the platform. @default 20_000 */
  readonly timeoutMs?: number | undefined;
  /** Messages of one conversation that are held at once; those that are farthest from where one reads go. @default 1_000 */
  readonly mostInMemory?: number | undefined;
  /** How the connection to the push server behaves: the times of im-device's options. */
  readonly device?:
    | Pick<DeviceOptions, 'backoffBaseMs' | 'backoffCeilingMs' | 'heartbeatFloorMs' | 'heartbeatCeilingMs'>
    | undefined;
}

export interface ResolvedOptions extends ChatOptions {
  readonly tokens: TokenStore;
  readonly store: ChatStore;
  readonly timeoutMs: number;
  readonly mostInMemory: number;
}

/** Three pages: what is loaded must not be dropped at once. */
const leastInMemory = 150;

export function resolveOptions(options: ChatOptions): ResolvedOptions {
  const { url, imUrl, timeoutMs = 20_000, mostInMemory = 1_000 } = options;
  if (!isAddress(url)) refuse('url', 'where im-platform is, as https://chat.example.com', url);
  if (typeof imUrl !== 'function' && !isAddress(imUrl))
    refuse('imUrl', 'where the push server is, as wss://push.example.com/im', imUrl);
  if (!(timeoutMs > 0)) refuse('timeoutMs', 'a time above 0', timeoutMs);
  if (!(mostInMemory >= leastInMemory)) refuse('mostInMemory', `at least ${leastInMemory}`, mostInMemory);
  const { tokens = memoryTokens(), store = memoryStore() } = options;
  return { ...options, url: url.replace(/\/+$/, ''), tokens, store, timeoutMs, mostInMemory };
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value);
}

function refuse(name: string, expected: string, is: unknown): never {
  throw new ChatError('INVALID_OPTION', `The option ${name} is ${String(is)}; expected ${expected}.`);
}
