import type { Logger } from 'im-common';
import type { Bus, RedisBusOptions } from 'im-common/bus';
import type { Complete, LogLevel } from 'im-common/internal/checks';
import type { TrustProxy } from 'im-common/internal/network';
import type { KeyProvider } from './at-rest/key-provider.ts';
import type { ApnsOptions } from './away/apps/apns.ts';
import type { FcmOptions } from './away/apps/fcm.ts';
import type { AwayChannels } from './away/channel.ts';
import type { AnswerLanguage, Language } from './http/texts.ts';
import type { WriteAudit } from './operations/audit.ts';
import type { IdentityProvider } from './sign-in/identity-provider.ts';
import type { PaymentProvider } from './wallet/payment-provider.ts';

export interface PlatformOptions {
  /** `mysql://user:password@host:3306/name` (MySQL 8, MariaDB 10.6 or newer) or `sqlite:./data/im.db`. */
  readonly database: string;
  /** A replica for history and search. @default `database` */
  readonly databaseReplica?: string | undefined;
  /** How long such a read waits for the replica to have all that was stored before it; then `database` is read. @default 50 */
  readonly databaseReplicaWaitMs?: number | undefined;
  /** Connections to the database that are kept at most. @default 10 */
  readonly databasePoolSize?: number | undefined;
  /**
   * Other databases of MySQL or MariaDB that conversations may be in, as `east=mysql://user:password@host:3306/name`; the same on every
   * instance (docs/several-databases.md). @default []
   */
  readonly laneDatabases?: readonly string[] | undefined;
  /** Where the push servers' Redis is. Either this or `bus`. */
  readonly redis?: string | RedisBusOptions | undefined;
  /** A bus that the caller starts and closes, e.g. the one in memory that an im-server in this process shares. */
  readonly bus?: Bus | undefined;
  /** Names this application on the bus. @default 'platform' */
  readonly service?: string | undefined;

  /**
   * Secret of access tokens; the push servers check them with the same. At least 16 characters, in production 32 bytes. Of
   * several the first signs, and tokens of the others are good, too.
   */
  readonly accessSecret?: string | readonly string[] | undefined;
  /**
   * Private keys in PEM (RSA, EC P-256, Ed25519), one after the other: the first signs access tokens, those of the others, and
   * of `accessSecret` if there is one, are good, too. Push servers get the public ones at /.well-known/jwks.json, and cannot
   * make tokens; box-im's servers know secrets only.
   */
  readonly accessKey?: string | undefined;
  /** Secret of refresh tokens, or several; others than those of access tokens. At least 16 characters, in production 32 bytes. */
  readonly refreshSecret: string | readonly string[];
  /** @default 1_800 */
  readonly accessTtlS?: number | undefined;
  /** A session ends when it is not refreshed for so long. @default 604_800 */
  readonly refreshTtlS?: number | undefined;
  /** A session ends so long after its login, however often it is refreshed. @default 2_592_000 */
  readonly sessionTtlS?: number | undefined;
  /** Others who know who people are, and whose word is taken: docs/sign-in.md. @default [] */
  readonly identityProviders?: readonly IdentityProvider[] | undefined;

  /** @default '0.0.0.0' */
  readonly host?: string | undefined;
  /** 0 takes a free one. @default 8888 */
  readonly port?: number | undefined;
  /** A port of their own for /metrics, /healthz, /readyz and /docs. @default 'shared': on `port`, where everybody may ask them */
  readonly operationsPort?: number | 'shared' | undefined;
  /** @default '127.0.0.1' */
  readonly operationsHost?: string | undefined;
  /** Where clients reach us; begins the addresses of uploaded files. @default http://localhost:{port} */
  readonly publicUrl?: string | undefined;
  /** Where the page opens its WebSocket. @default ws://{host of the page}:8878/im */
  readonly imUrl?: string | undefined;
  /** Pages of other origins that may call the API, e.g. `https://chat.example.com`. @default none */
  readonly allowedOrigins?: readonly string[] | undefined;
  /**
   * Which entries of X-Forwarded-For are true: how many proxies of ours a request comes through (true is one), or their
   * networks, e.g. `['10.0.0.0/8', 'loopback']`. Entries further left are whatever the client wrote. @default false
   */
  readonly trustProxy?: TrustProxy | undefined;

  /** The page at `/`: true is the one that comes with the package, false none. @default true */
  readonly page?: boolean | PageOptions | undefined;

  /**
   * Folder of uploaded files; with `s3Bucket` of those that are just coming. Several instances share it.
   * @default './data/files'
   */
  readonly filesDir?: string | undefined;
  /** A bucket of S3, or of what speaks as S3 does, where uploaded files are kept: docs/files.md. @default none: in `filesDir` */
  readonly s3Bucket?: string | undefined;
  /** Before the names of files there, e.g. `chat/`. @default none */
  readonly s3Prefix?: string | undefined;
  /** @default 'us-east-1' */
  readonly s3Region?: string | undefined;
  /** Where it is, if not at Amazon: `https://minio.example.com`. @default Amazon's of the region */
  readonly s3Endpoint?: string | undefined;
  /** The bucket stands in the path instead of the host, as MinIO and Ceph have it. @default false */
  readonly s3PathStyle?: boolean | undefined;
  /** @default what the AWS SDK finds: the environment, a profile, the role of the machine */
  readonly s3AccessKeyId?: string | undefined;
  /** The folder where files were before: what is there is served from there, until `im-platform move-files` has moved it. @default none */
  readonly s3From?: string | undefined;
  /** Together with `s3AccessKeyId`. */
  readonly s3SecretAccessKey?: string | undefined;
  /** Uploads need no access token: for box-im's uniapp, which sends none with images. Whoever reaches us may fill the disk then. @default false */
  readonly openUploads?: boolean | undefined;
  /**
   * Uploads without an access token are taken from networks where one was shown in the last ten minutes, as those of that
   * user: for box-im's uniapp. @default false
   */
  readonly uploadPermits?: boolean | undefined;
  /** Uploads of one user in a minute; more are answered with code 429. @default 60 */
  readonly uploadsPerMinute?: number | undefined;
  /** The largest file that is taken in parts, in MiB; in one request it is 20, and so are pictures. @default 512 */
  readonly largestUploadMb?: number | undefined;
  /** What the files of one user may take up, in MiB; more are refused. @default 1_024 */
  readonly filesPerUserMb?: number | undefined;
  /** What all files together may take up, in MiB. @default 102_400 */
  readonly filesInAllMb?: number | undefined;
  /** Where clamd looks at each upload before anybody can load it: `tcp://127.0.0.1:3310` or `unix:/run/clamav/clamd.ctl`. @default none: nobody looks */
  readonly fileScan?: string | undefined;
  /** How long it may take for one file. @default 30_000 */
  readonly fileScanTimeoutMs?: number | undefined;
  /** What becomes of uploads while it does not answer, or takes none so large. @default 'refuse' */
  readonly fileScanAway?: 'refuse' | 'accept' | undefined;
  /** Hosts beside `publicUrl` whose files messages and profiles may show, e.g. `cdn.example.com`. @default none */
  readonly fileHosts?: readonly string[] | undefined;
  /**
   * Whether files of messages are fetched by addresses that are signed for those who see the message, and end; or by whoever has the address,
   * for as long as the file is there. Pictures of people and groups are everybody's. @default 'signed'
   */
  readonly fileLinks?: 'signed' | 'open' | undefined;
  /** How long such an address is good that `/v1` answers, in hours; im-chat gets fresh ones. @default 24 */
  readonly fileLinkHours?: number | undefined;
  /**
   * The same of pushes and of box-im's API, in days: its pages keep addresses with their messages. Without such pages 1 is enough.
   * @default 180
   */
  readonly boxImFileLinkDays?: number | undefined;
  /** How often files are looked for that need not be kept any longer. @default 86_400_000 */
  readonly fileSweepMs?: number | undefined;
  /**
   * Networks that are not public and to which webhooks may go all the same, also without TLS: `['loopback', '10.0.0.0/8']`.
   * @default []
   */
  readonly webhookNetworks?: readonly string[] | undefined;
  /**
   * Whether the platform looks at the pages that links in messages lead to, and says what they are: it asks sites whose addresses people write.
   * @default false
   */
  readonly linkPreviews?: boolean | undefined;
  /**
   * Networks that are not public and whose pages are looked at all the same, at any port: what they say of themselves is shown to whoever has
   * an account. `['10.0.0.0/8']`. @default []
   */
  readonly linkPreviewNetworks?: readonly string[] | undefined;
  /** Whether people may encrypt conversations end to end: what the platform carries then, it cannot read. @default false */
  readonly endToEnd?: boolean | undefined;
  /** Whether people have a drive: folders of files that they keep and share. @default false */
  readonly drive?: boolean | undefined;
  /** How many versions of a file in a drive are kept. @default 20 */
  readonly driveVersions?: number | undefined;
  /** How many days what was put into the trash of a drive stays there. @default 30 */
  readonly driveTrashDays?: number | undefined;
  /** Whether admins and other back ends may push something to many: campaigns. @default false */
  readonly campaigns?: boolean | undefined;
  /** Whom all campaigns together tell in a second, over all instances. @default 1_000 */
  readonly campaignRate?: number | undefined;
  /** Whether people may send each other red packets, of balances that the platform keeps. @default false */
  readonly redPackets?: boolean | undefined;
  /** What one may hold at most, in the smallest unit. @default 20_000 */
  readonly redPacketMost?: number | undefined;
  /** How many shares one may have. @default 100 */
  readonly redPacketSharesMost?: number | undefined;
  /** What one user may send within a day, in the smallest unit. @default 200_000 */
  readonly redPacketsPerDay?: number | undefined;
  /** After how many hours the rest goes back. @default 24 */
  readonly redPacketHours?: number | undefined;
  /** Who moves real money in and out. The platform moves none. @default nobody */
  readonly paymentProvider?: PaymentProvider | undefined;
  /** Whether everybody may pay in as much as they like, of play money: for demonstrations. @default false */
  readonly playPayments?: boolean | undefined;
  /** What one payment may be at most, in the smallest unit. @default 100_000 */
  readonly paymentMost?: number | undefined;
  /** Asked about each message before it is stored: allows, refuses or changes it. @default none */
  readonly messageHook?: string | undefined;
  /** `whsec_` and 24 bytes or more in base64: signs what the hook is asked. Several: all of them sign. */
  readonly messageHookSecret?: string | readonly string[] | undefined;
  /** How long a message waits for the hook. @default 1_000 */
  readonly messageHookTimeoutMs?: number | undefined;
  /** What becomes of messages while the hook does not answer: refused with a 503, or stored unasked. @default 'refuse' */
  readonly messageHookAway?: 'refuse' | 'allow' | undefined;
  /**
   * Where all events go beside webhooks, one of each kind: `redis://host:6379?stream=im:events&most=100000`, `amqp://host?exchange=im.events`,
   * `nats://host:4222?subject=im.events`, `kafka://host:9092?topic=im-events`. @default []
   */
  readonly eventSinks?: readonly string[] | undefined;
  /** How many days events are kept for webhooks and sinks: to be told again, and while one of them is away. @default 3 */
  readonly eventKeepDays?: number | undefined;
  /** Answered by GET /system/config for calls. @default [] */
  readonly iceServers?: readonly IceServer[] | undefined;
  /** Refuse requests that look like scripts, as box-im does; honest text with "src=" in it is refused too. @default false */
  readonly xssFilter?: boolean | undefined;
  /** Language of what the platform itself says in chats: tips of friends and groups, records of calls. @default 'zh' */
  readonly language?: Language | undefined;
  /**
   * Language of answers to clients that name none in the header `language`, as box-im's; `client` is what
   * `Accept-Language` asks for. @default 'zh'
   */
  readonly answerLanguage?: AnswerLanguage | undefined;
  /** UTF-16 code units of a text at most, by `/v1`; box-im's API takes 1,024. @default 4_096 */
  readonly maxTextLength?: number | undefined;
  /** How long after it was sent a text may be edited, in seconds; 0: never. @default 86_400 */
  readonly editWindowS?: number | undefined;
  /**
   * Messages that are older are removed, with their files; admins say otherwise for a conversation, or hold it. Absent: they
   * are kept for ever.
   */
  readonly retentionDays?: number | undefined;
  /**
   * Where `im-platform archive` keeps messages of old months. Absent: in the bucket of `s3Bucket` under archive/, if there is one. Who is erased is
   * erased there, too.
   */
  readonly archiveDir?: string | undefined;
  /** The least that owners of groups may choose for theirs, up to `retentionDays`. Absent: they may not choose. */
  readonly ownerRetentionDays?: number | undefined;
  /**
   * What goes when people delete their account: `account`, and what they wrote stays under no name; or `everything`, as when an admin
   * erases them. @default 'account'
   */
  readonly ownDeletion?: 'account' | 'everything' | undefined;
  /**
   * Note the words of messages after they were sent, so that people find them. Ten rows or so for each; false saves them, and there is no search.
   * @default true
   */
  readonly search?: boolean | undefined;
  /**
   * Master keys, `<id>:<32 bytes as base64>`: what people say is encrypted in the database, and search is off (docs/encryption.md). The first one
   * wraps the keys of conversations, and all of them unwrap.
   */
  readonly encryptionKeys?: string | readonly string[] | undefined;
  /** The same from a service that keeps them, instead of `encryptionKeys`. */
  readonly encryptionKeyProvider?: KeyProvider | undefined;
  /**
   * Whether what is written is encrypted; false: what is so already can be read, as is needed before the first instance encrypts, and when it is
   * to be given up. Without keys it means nothing. @default true
   */
  readonly encryptionWrites?: boolean | undefined;
  /** Unwrapped keys of conversations in memory at most, of 200 bytes or so. @default 10_000 */
  readonly encryptionKeysInMemory?: number | undefined;
  /** Members of a group at most. @default 3_000 */
  readonly maxGroupMembers?: number | undefined;
  /** Groups of so many are pushed to as topics, at the cost of a small one. 0: none is. @default 500 */
  readonly topicsFrom?: number | undefined;
  /** Requests of one user in a minute; more are answered with code 429. @default 1_200 */
  readonly requestsPerMinute?: number | undefined;
  /** Wrong passwords for one account from one network, in a quarter of an hour. @default 10 */
  readonly failedLoginsPerAccount?: number | undefined;
  /** Wrong passwords for one account from all networks that it has not been used from. @default 50 */
  readonly failedLoginsPerAccountFromAnywhere?: number | undefined;
  /** Wrong passwords from one network, for any accounts. @default 100 */
  readonly failedLoginsPerAddress?: number | undefined;
  /** Who may open an account: anybody, who has an invitation (`im-platform invite`), or nobody. @default 'open' */
  readonly registration?: 'open' | 'invited' | 'closed' | undefined;
  /**
   * Whether people become friends when both want it, after a request; or at once, as box-im has it: anybody may then write to
   * anybody after one click. @default 'request'
   */
  readonly friendship?: 'request' | 'open' | undefined;
  /** Messages of one user in a minute, per instance; more are answered with code 429. @default 120 */
  readonly messagesPerMinute?: number | undefined;
  /** Searches of one user in a minute, per instance; more are answered with code 429. @default 60 */
  readonly searchesPerMinute?: number | undefined;
  /** Friends that one user brings into groups in an hour. @default 300 */
  readonly invitationsPerHour?: number | undefined;
  /** Requests to be friends of one user in a day. @default 50 */
  readonly friendRequestsPerDay?: number | undefined;
  /** Characters that a new password has at least. @default 8 */
  readonly passwordMinLength?: number | undefined;
  /** New accounts from one network in an hour. @default 30 */
  readonly registrationsPerHour?: number | undefined;
  /** Open connections of one address, but for proxies of ours; more are closed. @default 1_000 */
  readonly connectionsPerAddress?: number | undefined;
  /** A body that has not come by then closes its connection; uploads have ten minutes. @default 10_000 */
  readonly bodyTimeoutMs?: number | undefined;
  /** An answer takes at most so long; then it is a 503. @default 4_500 */
  readonly requestTimeoutMs?: number | undefined;
  /** How often pushes that were missed are looked for, and messages whose words are not known yet. @default 1_000 */
  readonly sweepMs?: number | undefined;
  /** How often the table of forbidden words is looked at for changes. @default 2_000 */
  readonly wordsCheckMs?: number | undefined;

  /**
   * Whom the push services of browsers write to when something is wrong, e.g. `mailto:ops@example.com`: with it devices that are away are told by
   * web push. @default none: they are not
   */
  readonly webPushContact?: string | undefined;
  /** The private key of web push in PEM, EC P-256. With another one browsers have to register again. @default one that is made, and kept in the database */
  readonly webPushKey?: string | undefined;
  /** Hosts of push services that browsers may name; `.push.example.com` is all below it. @default those of Chrome, Edge, Firefox and Safari */
  readonly webPushHosts?: readonly string[] | undefined;
  /** Tells Apple's devices. @default none */
  readonly apns?: ApnsOptions | undefined;
  /** Tells Android's devices, with the account of a service as Google gives it. @default none */
  readonly fcm?: FcmOptions | undefined;
  /** Channels of your own to devices that are away, by the names that devices register with. @default none */
  readonly awayChannels?: AwayChannels | undefined;
  /** How long a device has to take a message until its user is told by a push service. @default 5_000 */
  readonly awayAfterMs?: number | undefined;

  /** How long `close()` still answers while /readyz says 503, so that a load balancer turns away first. @default 0 */
  readonly drainMs?: number | undefined;

  /** @default silent */
  readonly logger?: Logger | undefined;
  /** Gets an entry for each login, refusal, lock, end of a session, ban and the like. @default lines of `logger` */
  readonly audit?: WriteAudit | undefined;
}

export interface PageOptions {
  /** Where the built page is. @default the folder in the package */
  readonly folder?: string | undefined;
  /** Accounts that one click signs in. Whoever opens the page gets the passwords: for demonstrations only. @default none */
  readonly demoAccounts?: readonly DemoAccount[] | undefined;
}

export interface DemoAccount {
  readonly userName: string;
  readonly nickName: string;
  readonly password: string;
}

export interface IceServer {
  readonly urls: string;
  readonly username?: string | undefined;
  readonly credential?: string | undefined;
}

/** What the program is told beside these, and what it is told in another form: files instead of what is in them. */
export interface ProgramOptions {
  readonly keyPrefix?: string;
  readonly accessSecretFile?: string;
  readonly accessKeyFile?: string;
  readonly refreshSecretFile?: string;
  readonly encryptionKeysFile?: string;
  readonly webPushKeyFile?: string;
  readonly apnsFile?: string;
  readonly fcmFile?: string;
  readonly s3SecretAccessKeyFile?: string;
  readonly logLevel?: LogLevel;
}

type OfProgram =
  | 'accessSecretFile'
  | 'accessKeyFile'
  | 'refreshSecretFile'
  | 'encryptionKeysFile'
  | 'webPushKeyFile'
  | 'apnsFile'
  | 'fcmFile'
  | 's3SecretAccessKeyFile';

type OfLibrary =
  | 'database'
  | 'databaseReplica'
  | 'redis'
  | 'bus'
  | 'accessSecret'
  | 'accessKey'
  | 'refreshSecret'
  | 'operationsPort'
  | 'publicUrl'
  | 'fileScan'
  | 's3Bucket'
  | 's3Prefix'
  | 's3From'
  | 's3Endpoint'
  | 's3AccessKeyId'
  | 's3SecretAccessKey'
  | 'messageHook'
  | 'messageHookSecret'
  | 'imUrl'
  | 'webPushContact'
  | 'webPushKey'
  | 'awayChannels'
  | 'paymentProvider'
  | 'retentionDays'
  | 'encryptionKeys'
  | 'encryptionKeyProvider'
  | 'ownerRetentionDays'
  | 'archiveDir'
  | 'apns'
  | 'fcm'
  | 'audit';

export type WithoutDefault = OfLibrary | OfProgram;

/** The defaults of the library. */
export type PlatformDefaults = Complete<Omit<PlatformOptions, OfLibrary>, never>;

/** The library's options with every default filled in. */
export type ResolvedOptions = Omit<Complete<PlatformOptions, OfLibrary>, 'operationsPort'> & {
  readonly audit: WriteAudit;
  readonly operationsPort: number | undefined;
};

/** The program's. */
export type Settings = Complete<Partial<PlatformOptions> & ProgramOptions, WithoutDefault>;
