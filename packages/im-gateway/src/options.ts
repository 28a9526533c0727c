import type { Logger } from 'im-common';
import type { Bus, RedisBusOptions } from 'im-common/bus';
import type { Complete, LogLevel } from 'im-common/internal/checks';
import type { TrustProxy } from 'im-common/internal/network';

/** What `createGateway` takes. The table in `option-table.ts` has a row for each. */
export interface GatewayOptions {
  /** @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** 0 takes a free one. @default 8880 */
  readonly port?: number | undefined;
  /** Proxies of ours in front. @default false */
  readonly trustProxy?: TrustProxy | undefined;

  /** Where the bus is. Either this or `bus`. */
  readonly redis?: string | RedisBusOptions | undefined;
  /** A bus that you started and will close yourself. Either this or `redis`. */
  readonly bus?: Bus | undefined;
  /** Names the application that sends, as im-client's `service`. All its gateways use one name. @default 'gateway' */
  readonly service?: string | undefined;
  /** The terminals that a message goes to when it names none. @default [0, 1, 2, -1] */
  readonly terminals?: readonly number[] | undefined;

  /** Who may call, each as `name:scopes:hash` (the command `im-gateway key` makes them). */
  readonly keys?: readonly string[] | undefined;
  /** Keys in plain text that may do everything, 32 characters or longer. */
  readonly apiKey?: string | readonly string[] | undefined;

  /** Where results go. Without it nobody is told. */
  readonly webhookUrl?: string | undefined;
  /** What webhooks are signed with; with several, with each. */
  readonly webhookSecret?: string | readonly string[] | undefined;
  /** How long the receiver may take to answer. @default 10_000 */
  readonly webhookTimeoutMs?: number | undefined;
  /** For how long a webhook is tried again before it becomes a dead letter. @default 86_400_000 */
  readonly webhookKeepMs?: number | undefined;
  /** Bytes of webhooks that may wait; results of more become dead letters. @default 268_435_456 */
  readonly webhookMaxBytes?: number | undefined;

  /** Whether webhooks also tell who comes and goes. @default false */
  readonly webhookPresence?: boolean | undefined;

  /** Services whose uplinks go to `webhookUrl`, by the names that devices speak to. */
  readonly uplinks?: readonly string[] | undefined;

  /** How long a device may rely on an answer of `/v1/where`. @default 10_000 */
  readonly whereTtlMs?: number | undefined;

  /** Requests of one key in a second, per process. @default 1_000 */
  readonly requestsPerSecond?: number | undefined;
  /** Questions of one network where to connect, in a second, per process. @default 100 */
  readonly wherePerSecond?: number | undefined;
  /** Requests that may be under way at once, per process; one of several keys has at most half of them. @default 10_000 */
  readonly maxRequests?: number | undefined;
  /** Connections at once, per process. More are dropped. @default 10_000 */
  readonly maxConnections?: number | undefined;
  /** Longest `data`, as JSON; the servers' `maxMessageBytes` is no less. @default 1_048_576 */
  readonly maxMessageBytes?: number | undefined;
  /** Longest body. @default 2_097_152 */
  readonly maxBodyBytes?: number | undefined;
  /** How long a request may take to come in. @default 10_000 */
  readonly requestTimeoutMs?: number | undefined;

  /** @default nothing is logged */
  readonly logger?: Logger | undefined;
}

/** What only the program takes. */
export interface ProgramOptions {
  readonly keyPrefix: string;
  readonly commandTimeoutMs: number;
  readonly apiKeyFile?: string | undefined;
  readonly webhookSecretFile?: string | undefined;
  readonly adminPort?: number | undefined;
  readonly adminHost: string;
  readonly logLevel: LogLevel;
  readonly drainMs: number;
}

export type WithoutDefault =
  | 'redis'
  | 'bus'
  | 'keys'
  | 'apiKey'
  | 'webhookUrl'
  | 'webhookSecret'
  | 'uplinks'
  | 'apiKeyFile'
  | 'webhookSecretFile'
  | 'adminPort';

/** Options with every default filled in. */
export type Settings = Complete<GatewayOptions & ProgramOptions, WithoutDefault>;

export interface ResolvedOptions extends Omit<
  Complete<GatewayOptions, Extract<WithoutDefault, keyof GatewayOptions>>,
  'apiKey' | 'keys'
> {
  readonly keys: readonly string[];
  readonly apiKeys: readonly string[];
  readonly webhook: { readonly url: string; readonly secrets: readonly Buffer[] } | undefined;
}
