import type { TrustProxy } from 'im-common/internal/network';
import type { Server as HttpServer } from 'node:http';
import type { Bus, RedisBusOptions } from 'im-common/bus';
import type { Logger } from 'im-common';
import type { Complete, LogLevel } from 'im-common/internal/checks';
import type { Identity } from 'im-common/token';

/** When a message counts as delivered (PROTOCOL.md, P-3). A device that acknowledges is always held to its acknowledgement. */
export type Proof = 'written' | 'pong';

/** What is known of a device when it logs in, besides its token. */
export interface LoginContext {
  readonly devId: string | undefined;
  readonly remoteAddress: string;
}

/** Says who the bearer of a token is. A rejection refuses the login; its message is logged, never sent. */
export type Authenticate = (token: string, context: LoginContext) => Promise<Identity> | Identity;

/**
 * A wire of your own, for devices that ask for its WebSocket subprotocol. It turns our frames (PROTOCOL.md, P-2) into what these devices
 * understand, and what they say into our frames. It is called for each frame, so it is to be quick and to remember nothing.
 */
export type Wire = TextWire | BinaryWire;

export interface TextWire {
  /** What devices ask for. */
  readonly protocol: string;
  readonly isBinary?: false;
  /** A frame of ours, such as `{"cmd":3,"data":…}`, as the device is to be told; undefined: it is told nothing. One that is for many is asked once. */
  readonly toDevice: (frame: string) => string | undefined;
  /** What the device said, as a frame of ours, such as `{"cmd":0,"data":{"accessToken":"…"}}`; undefined: it is none. */
  readonly fromDevice: (said: string) => string | undefined;
}

/** The same with bytes, in binary messages. */
export interface BinaryWire {
  readonly protocol: string;
  readonly isBinary: true;
  readonly toDevice: (frame: string) => Uint8Array | undefined;
  readonly fromDevice: (said: Uint8Array) => string | undefined;
}

export interface ImServerOptions {
  /** Where Redis is; see {@link RedisBusOptions.url}. Either this or `bus`. */
  readonly redis?: string | RedisBusOptions;
  /** A bus that is started and closed by the caller, e.g. one in memory shared with im-client. */
  readonly bus?: Bus;

  /** Interface to listen on. @default '0.0.0.0' */
  readonly host?: string;
  /** Port for WebSocket; 0 takes a free one. @default 8878 */
  readonly port?: number;
  /** Path of the WebSocket. @default '/im' */
  readonly path?: string;
  /** Listen on this HTTP server's upgrades instead of a port of its own. Requests for other paths are left to it. */
  readonly httpServer?: HttpServer;
  /** Port for the TCP variant (8-byte length and JSON); 0 takes a free one. Off when absent. */
  readonly tcpPort?: number;
  /**
   * Devices may also come by POST and be told by server-sent events, on the same port and path, where a network lets no
   * WebSocket through (`im-device/sse`). All that a device sends must reach this very server. @default false
   */
  readonly sse?: boolean;
  /**
   * Wires of your own, beside the one in PROTOCOL.md, for devices that are there already. One that throws, or gives what is no frame, costs
   * its device the connection (1011). @default []
   */
  readonly wires?: readonly Wire[];
  /** Certificate and key (PEM): WebSocket becomes wss, the TCP variant TLS. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** What backends are told that devices should connect to. @default ws://{host name}:{port}{path} */
  readonly publicUrl?: string;

  /** HS256 secrets; the first that fits counts, so that a new one can be rolled in before the old one goes. */
  readonly jwtSecret?: string | readonly string[];
  /** A public key (PEM, SPKI) for RS256, ES256 and EdDSA tokens. */
  readonly jwtPublicKey?: string;
  /** Address of a JWKS document for RS256, ES256 and EdDSA tokens. */
  readonly jwksUrl?: string;
  /** Instead of all three: says who the bearer of a token is, or throws. */
  readonly authenticate?: Authenticate;
  /** What happens when a token expires in mid-connection and the device has not logged in again with a fresh one. @default 'close' */
  readonly tokenExpiry?: 'close' | 'ignore';

  /** Terminal codes that may log in. @default [0, 1, 2, -1] */
  readonly terminals?: readonly number[];
  /**
   * Keeps what backends see with `im.sessions`, and says who may be logged in at once, for each user and terminal: `newest` (the
   * newest login wins), `refuse` (the one that is in stays in, and newcomers are closed), a number from 2 to 20 (so many at once, as with
   * several tabs of a browser; one more puts out the oldest), or for single terminals `0=3,1=refuse`; `alone`: the newest login of a user
   * on whichever terminal. All servers of a bus should say the same. Absent: the newest wins, and sessions are only kept while a service listens to who comes and goes.
   */
  readonly sessions?: string;
  /** Lower is faster and proves less. @default 'pong' */
  readonly proof?: Proof;
  /** How long a pong may take before the device is cut off and its messages reported. @default 4_000 */
  readonly proofTimeoutMs?: number;
  /** How long a device that acknowledges may take over a message. Keep it below the senders' result deadline. @default 8_000 */
  readonly ackTimeoutMs?: number;

  /** Time for the login frame. @default 5_000 */
  readonly loginTimeoutMs?: number;
  /** A WebSocket that is silent for so long is dropped. @default 60_000 */
  readonly idleTimeoutMs?: number;
  /** The same for the TCP variant and for SSE. @default 120_000 */
  readonly tcpIdleTimeoutMs?: number;
  /** A silent WebSocket is pinged after this; finds half-open devices sooner, and wakes phones. @default 13_000 */
  readonly pingAfterSilenceMs?: number;
  /** Time that a kicked device has to close by itself after it was told. @default 500 */
  readonly kickGraceMs?: number;

  /** Connections in all. More are refused with 503. @default 100_000 */
  readonly maxConnections?: number;
  /** Connections from one address, which is a /64 with IPv6 here and below. More are refused with 429. @default 10_000 */
  readonly maxConnectionsPerAddress?: number;
  /**
   * Connections from one address that have not shown a good token yet, those in the middle of their handshake included.
   * More are dropped, or behind a proxy refused with 429. Lower leaves strangers less room, and fewer devices behind one
   * address can log in at once.
   * @default 1_000
   */
  readonly maxUnauthenticatedPerAddress?: number;
  /** Logins of one user in ten seconds, on all terminals. More are closed with 1013. @default 30 */
  readonly maxLoginsPerUser?: number;
  /**
   * Refused logins from one address in ten seconds; after them all others from there are closed with 1013, unchecked.
   * Behind a proxy without `trustProxy` all devices have one address. @default 1_000
   */
  readonly maxFailedLoginsPerAddress?: number;
  /**
   * Which entries of X-Forwarded-For are true: how many proxies of ours a device comes through (true is one), or their
   * networks, e.g. `['10.0.0.0/8', 'loopback']`. Entries further left are whatever the device wrote. @default false
   */
  readonly trustProxy?: TrustProxy;
  /** Pages that may connect, e.g. `https://chat.example.com`. Requests without Origin (no browser) always may. @default any */
  readonly allowedOrigins?: readonly string[];
  /** Longest frame that a device may send; longer closes with 1009. @default 65_536 */
  readonly maxFrameBytes?: number;
  /** Frames that a device may send in a second; more closes with 4429. @default 50 */
  readonly maxFramesPerSecond?: number;
  /** Bytes that a device may send in a second, of half frames too; more closes with 4429. @default 1_048_576 */
  readonly maxBytesPerSecond?: number;
  /** Bytes that may wait for one device; more cuts it off as a slow reader. Memory is this times the slow devices. @default 1_048_576 */
  readonly maxBufferedBytes?: number;
  /** Longest message from a backend; longer is reported TOO_LARGE. @default 1_048_576 */
  readonly maxMessageBytes?: number;

  /** Services that devices may speak to, by the names that these give to `onUplink`. None when absent. */
  readonly uplinkTo?: readonly string[];
  /** Longest `data` that a device may send to a service; longer is refused with TOO_LARGE. @default 16_384 */
  readonly maxUplinkBytes?: number;
  /** How often a device may speak to services in a second; the rest is refused, and tried again. @default 20 */
  readonly maxUplinksPerSecond?: number;
  /** How much of one user's terminal may wait for a service; more is refused, and tried again. @default 64 */
  readonly maxUplinksWaiting?: number;
  /**
   * Bytes that may wait for one service, each sixteenth of its users having a sixteenth; more is refused, and tried again.
   * @default 134_217_728
   */
  readonly maxUplinkWaitingBytes?: number;

  /** Entries taken from a list at once. More is cheaper under load and lets other lists wait longer. @default 4_000 */
  readonly pullBatch?: number;
  /** Messages without a final outcome before the server stops taking more. Memory grows with it. @default 50_000 */
  readonly maxInFlight?: number;
  /** The same in bytes of their payloads. @default 268_435_456 */
  readonly maxInFlightBytes?: number;
  /** How long the server counts as alive without a sign of life. Lower finds the dead sooner and forgives less. @default 2_500 */
  readonly leaseMs?: number;
  /** How often every route is written again. Far below its ten minutes, as a missed one is an offline user. @default 120_000 */
  readonly refreshRoutesMs?: number;
  /** How long a draining server takes to send its devices away. @default 10_000 */
  readonly drainMs?: number;
  /**
   * How long a device that left without a goodbye (drained, cut off) counts as on its way back: messages wait for it as long,
   * here and at the senders. Higher loses fewer to a slow network, and keeps senders longer in the dark about those who
   * are gone for good. 0: nobody is waited for. @default 2_000
   */
  readonly reconnectGraceMs?: number;

  /** @default silent */
  readonly logger?: Logger;
  /**
   * Spans of OpenTelemetry for messages that their senders trace (im-client's option of the same name), by the tracer provider that
   * the application has registered. @default false
   */
  readonly tracing?: boolean;
}

/** What the program is told beside these, and what it is told in another form: files instead of what is in them. */
export interface ProgramOptions {
  readonly keyPrefix?: string;
  readonly commandTimeoutMs?: number;
  readonly jwtSecretFile?: string;
  readonly jwtPublicKeyFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly workers?: number;
  readonly adminPort?: number;
  readonly adminHost?: string;
  readonly logLevel?: LogLevel;
}

export type WithoutDefault =
  | 'redis'
  | 'bus'
  | 'httpServer'
  | 'tcpPort'
  | 'tls'
  | 'publicUrl'
  | 'jwtSecret'
  | 'jwtPublicKey'
  | 'jwksUrl'
  | 'authenticate'
  | 'allowedOrigins'
  | 'uplinkTo'
  | 'sessions'
  | 'jwtSecretFile'
  | 'jwtPublicKeyFile'
  | 'tlsCert'
  | 'tlsKey'
  | 'adminPort';

type OfLibrary = Extract<WithoutDefault, keyof ImServerOptions>;

/** The library's options with every default filled in. */
export type ResolvedOptions = Omit<Complete<ImServerOptions, OfLibrary>, 'jwtSecret'> & {
  readonly jwtSecrets: readonly string[];
};

/** The program's. */
export type Settings = Complete<ImServerOptions & ProgramOptions, WithoutDefault>;
