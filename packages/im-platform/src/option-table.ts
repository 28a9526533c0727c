import { silentLogger } from 'im-common';
import { busKind, keyPrefix, redisKind } from 'im-common/internal/bus';
import {
  anyFunction,
  boolean,
  choice,
  count,
  file,
  host,
  inGroup,
  integer,
  logger,
  operation,
  milliseconds,
  origins,
  port,
  secrets,
  text,
  url,
  type OptionTable,
} from 'im-common/internal/checks';
import { trustProxy } from 'im-common/internal/network';
import { answerLanguages, languages } from './http/texts.ts';
import type { WriteAudit } from './operations/audit.ts';
import {
  apns,
  awayChannels,
  contact,
  databaseUrl,
  fcm,
  eventSinks,
  hosts,
  iceServers,
  laneDatabases,
  networks,
  identityProviders,
  keyProvider,
  oneSecret,
  orNone,
  page,
  paymentProvider,
  portOrShared,
  privateKeyText,
  scanner,
  signingSecrets,
} from './option-kinds.ts';
import type { PlatformOptions, ProgramOptions, WithoutDefault } from './options.ts';

// The one place where options stand. The library's checks, the program's flags, environment, file and --help, and the tables
// in the README come from it.

export const table: OptionTable<PlatformOptions, ProgramOptions, WithoutDefault> = {
  ...inGroup('Database and files', {
    database: {
      kind: databaseUrl,
      about: 'mysql://user:password@host:3306/name (MySQL 8, MariaDB 10.6 or newer) or sqlite:./data/im.db.',
    },
    databaseReplica: {
      kind: databaseUrl,
      about:
        'A replica of it on MySQL or MariaDB with GTIDs, where history and search are read when it has caught up.',
    },
    databaseReplicaWaitMs: {
      kind: count,
      default: 50,
      about:
        'How long such a read waits for the replica to have all that was stored before it; then the database itself is read.',
    },
    databasePoolSize: {
      kind: count,
      default: 10,
      about: 'Connections to the database at most, beside 8 of the logs of messages; SQLite has one.',
    },
    laneDatabases: {
      kind: laneDatabases,
      default: [],
      about:
        'Other databases that conversations may be in, as east=mysql://user:password@host:3306/name, with commas between them. Where each lane is says im-platform lanes.',
    },
    filesDir: {
      kind: text('folder', 'a folder'),
      default: './data/files',
      isFile: true,
      about: 'Where uploaded files are kept; with --s3-bucket those that are just coming.',
    },
    largestUploadMb: {
      kind: integer('number', 1, 2_047),
      default: 512,
      about: 'The largest file that is taken in parts, in MiB; in one request it is 20, and so are pictures.',
    },
    filesPerUserMb: {
      kind: count,
      default: 1_024,
      about: 'What the files of one user may take up, in MiB; more are refused.',
    },
    filesInAllMb: { kind: count, default: 102_400, about: 'What all files together may take up, in MiB.' },
    fileScan: {
      kind: scanner,
      about:
        'Where clamd looks at each upload before anybody can load it: tcp://127.0.0.1:3310 or unix:/run/clamav/clamd.ctl. Nobody looks when absent.',
    },
    fileScanTimeoutMs: {
      kind: milliseconds(100),
      default: 30_000,
      about: 'How long it may take for one file.',
    },
    fileScanAway: {
      kind: choice(['refuse', 'accept']),
      default: 'refuse',
      about:
        'What becomes of uploads while it does not answer, or takes none so large: refused; or accepted, and shown to admins as unscanned.',
    },
    fileHosts: {
      kind: orNone(hosts),
      default: [],
      about: 'Hosts beside --public-url whose files messages and profiles may show, as cdn.example.com.',
    },
    fileLinks: {
      kind: choice(['signed', 'open']),
      default: 'signed',
      about:
        'Whether files of messages have addresses that are signed for those who see the message, and end; or ones that whoever has them may load.',
    },
    fileLinkHours: {
      kind: integer('number', 1, 8_760),
      default: 24,
      about: 'How long an address is good that /v1 answers, in hours; im-chat gets fresh ones.',
    },
    boxImFileLinkDays: {
      kind: integer('number', 1, 3_650),
      default: 180,
      about:
        "The same of pushes and of box-im's API, in days: its pages keep addresses with their messages. Without such pages 1 is enough.",
    },
  }),

  ...inGroup('Files in S3', {
    s3Bucket: {
      kind: text('bucket', 'the name of a bucket', /^[\w.-]{3,255}$/),
      about:
        'A bucket of S3, or of what speaks as S3 does, where uploaded files are kept instead. Needs npm install @aws-sdk/client-s3.',
    },
    s3Prefix: {
      kind: text('prefix', 'one that ends with /, as chat/', /^([\w.-]+\/)+$/),
      about: 'Before the names of files there, as chat/.',
    },
    s3From: {
      kind: text('folder', 'a folder'),
      isFile: true,
      about:
        'The folder where files were before: what is there is served from there, until im-platform move-files has moved it.',
    },
    s3Region: { kind: text('region', 'a region'), default: 'us-east-1', about: 'Its region.' },
    s3Endpoint: {
      kind: url('http:', 'https:'),
      about: 'Where it is, if not at Amazon: https://minio.example.com.',
    },
    s3PathStyle: {
      kind: boolean,
      default: false,
      about: 'The bucket stands in the path instead of the host, as MinIO and Ceph have it.',
    },
    s3AccessKeyId: {
      kind: text('id', 'an id'),
      about: 'By default the AWS SDK looks for one: the environment, a profile, the role of the machine.',
    },
    s3SecretAccessKey: { kind: oneSecret, about: 'Together with that.' },
    s3SecretAccessKeyFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about: 'The same from a file, which keeps it out of the process list.',
    },
  }),

  ...inGroup('Bus', {
    redis: {
      kind: redisKind,
      about:
        "Where the push servers' Redis is: redis://host:port/db, redis+sentinel://… or redis+cluster://….",
    },
    keyPrefix: {
      only: 'program',
      kind: keyPrefix,
      default: '',
      about: "Put before every key, as the push servers do. Box-im's Java parts know no prefix.",
    },
    service: {
      kind: text('name', 'letters, digits and _ . -', /^[\w.-]{1,64}$/),
      default: 'platform',
      about: 'Names this application on the bus; all its instances use the same.',
    },
  }),

  ...inGroup('Sessions', {
    accessSecret: {
      kind: signingSecrets,
      about:
        'Secret of access tokens, the same as the jwtSecret of the push servers. At least 16 characters, in production 32 bytes.',
    },
    accessSecretFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about:
        'The same from a file, which keeps it out of the process list. Of several lines the first signs, and tokens of the others are good, too.',
    },
    accessKeyFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about:
        'Private keys in PEM (RSA, EC P-256, Ed25519), one after the other: the first signs access tokens, and push servers check them with --jwks-url and cannot make any.',
    },
    refreshSecret: {
      kind: signingSecrets,
      about: 'Secret of refresh tokens; another one, of at least 16 characters, in production 32 bytes.',
    },
    refreshSecretFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about: 'The same from a file, in the same way.',
    },
    accessTtlS: { kind: count, default: 1_800, about: 'Life of an access token, in seconds.' },
    refreshTtlS: {
      kind: count,
      default: 604_800,
      about: 'A session ends when it is not refreshed for so many seconds.',
    },
    sessionTtlS: {
      kind: count,
      default: 2_592_000,
      about: 'A session ends so many seconds after its login, however often it is refreshed.',
    },
    identityProviders: {
      kind: identityProviders,
      default: [],
      about:
        'Others who know who people are, and whose word is taken, as JSON: [{"id":"corp","issuer":"https://…","audience":"chat"}]. docs/sign-in.md has all of it.',
    },
  }),

  ...inGroup('Where clients connect', {
    host: { kind: host, default: '0.0.0.0', about: 'Interface to listen on.' },
    port: { kind: port, default: 8888, about: 'Port for HTTP; 0 takes a free one.' },
    operationsPort: {
      kind: portOrShared,
      about:
        'A port of their own for /metrics, /healthz, /readyz and /docs. With NODE_ENV=production it is 8889 if nothing is said; otherwise, and with shared, everybody may ask them on the other port.',
    },
    operationsHost: { kind: host, default: '127.0.0.1', about: 'Interface of that port.' },
    publicUrl: {
      kind: url('http:', 'https:'),
      about:
        'Where clients reach us; begins the addresses of uploaded files. By default http://localhost and the port.',
    },
    imUrl: {
      kind: url('ws:', 'wss:'),
      about: "Where the page opens its WebSocket. By default the page's own host, port 8878, path /im.",
    },
    allowedOrigins: {
      kind: orNone(origins),
      default: [],
      about: 'Pages of other origins that may call the API. None when absent.',
    },
    trustProxy: {
      kind: trustProxy,
      default: false,
      about:
        "How many proxies of ours are in front, or their networks (10.0.0.0/8,loopback): so many entries from the end of X-Forwarded-For are true about a client's address.",
    },
    page: { kind: page, default: true, about: 'Serve the chat page at /.' },
  }),

  ...inGroup('Business', {
    openUploads: {
      kind: boolean,
      default: false,
      about:
        "Take uploads without an access token, for box-im's uniapp. Whoever reaches us may fill the disk then.",
    },
    uploadPermits: {
      kind: boolean,
      default: false,
      about:
        "Take uploads without an access token from networks where one was shown in the last ten minutes, as that user's: for box-im's uniapp.",
    },
    fileSweepMs: {
      kind: milliseconds(1),
      default: 86_400_000,
      about: 'How often files are looked for that need not be kept any longer.',
    },
    wordsCheckMs: {
      kind: milliseconds(1),
      default: 2_000,
      about: 'How often the table of forbidden words is looked at for changes.',
    },
    webhookNetworks: {
      kind: orNone(networks),
      default: [],
      about:
        'Networks that are not public and to which webhooks may go all the same, also without TLS, as loopback,10.0.0.0/8.',
    },
    linkPreviews: {
      kind: boolean,
      default: false,
      about:
        'Look at the pages that links in messages lead to, and show what they are. The platform asks sites then whose addresses people write; what is not public is never asked.',
    },
    linkPreviewNetworks: {
      kind: orNone(networks),
      default: [],
      about:
        'Networks that are not public and whose pages are looked at all the same, at any port, as 10.0.0.0/8: what they say of themselves is shown to whoever has an account.',
    },
    endToEnd: {
      kind: boolean,
      default: false,
      about:
        'People may encrypt conversations end to end: the platform carries keys and messages of their devices that it cannot read.',
    },
    drive: {
      kind: boolean,
      default: false,
      about: 'Give people a drive: folders of files that they keep and share, within their quota of files.',
    },
    driveVersions: {
      kind: integer('versions', 1, 1_000),
      default: 20,
      about: 'How many versions of a file in a drive are kept; each of them counts.',
    },
    driveTrashDays: {
      kind: integer('days', 1, 3_650),
      default: 30,
      about: 'How many days what was put into the trash of a drive stays there.',
    },
    messageHook: {
      kind: url('http:', 'https:'),
      about:
        'Asked about each message before it is stored: allows it, refuses it with a text, or changes it. None when absent.',
    },
    messageHookSecret: {
      kind: secrets,
      about:
        'Signs what the hook is asked: whsec_ and 24 bytes or more in base64. Several: all of them sign.',
    },
    messageHookTimeoutMs: {
      kind: integer('ms', 50, 4_000),
      default: 1_000,
      about: 'How long a message waits for the hook.',
    },
    messageHookAway: {
      kind: choice(['refuse', 'allow']),
      default: 'refuse',
      about:
        'What becomes of messages while the hook does not answer: refuse: a 503, so that clients send them again later; allow: stored unasked.',
    },
    eventSinks: {
      kind: orNone(eventSinks),
      default: [],
      about:
        'Where all events go beside webhooks, one of each kind: redis://host:6379?stream=im:events&most=100000, amqp://host?exchange=im.events, nats://host:4222?subject=im.events, kafka://host:9092?topic=im-events.',
    },
    eventKeepDays: {
      kind: integer('days', 1, 90),
      default: 3,
      about:
        'How many days events are kept for webhooks and sinks: to be told again, and while one of them is away.',
    },
    iceServers: {
      kind: iceServers,
      default: [],
      about: 'STUN and TURN servers for calls, as JSON: [{"urls":"stun:…"}].',
    },
    xssFilter: {
      kind: boolean,
      default: false,
      about:
        'Refuse requests that look like scripts, as box-im does; honest text with "src=" in it is refused too.',
    },
    registration: {
      kind: choice(['open', 'invited', 'closed']),
      default: 'open',
      about: 'Who may open an account: anybody, who has an invitation (im-platform invite), or nobody.',
    },
    friendship: {
      kind: choice(['request', 'open']),
      default: 'request',
      about:
        'request: people are friends when both want it. open: at once, as box-im has it, and whoever wants to may write to anybody.',
    },
    language: {
      kind: choice(languages),
      default: 'zh',
      about: 'Language of what the platform says in chats: tips of friends and groups, records of calls.',
    },
    answerLanguage: {
      kind: choice(answerLanguages),
      default: 'zh',
      about:
        "Language of answers to clients that name none in the header language, as box-im's; client is what Accept-Language asks for.",
    },
    maxTextLength: {
      kind: integer('number', 1, 16_000),
      default: 4_096,
      about: "UTF-16 code units of a text at most, by /v1; box-im's API takes 1,024.",
    },
    editWindowS: {
      kind: integer('s', 0, 315_360_000),
      default: 86_400,
      about: 'How long after it was sent a text may be edited, in seconds. 0: never.',
    },
    retentionDays: {
      kind: integer('days', 1, 36_500),
      about:
        'Messages that are older are removed, with their files; admins say otherwise for a conversation, or hold it. Absent: they are kept for ever.',
    },
    archiveDir: {
      kind: text('folder', 'a folder'),
      isFile: true,
      about:
        'Where im-platform archive keeps messages of old months. Absent: in the bucket of --s3-bucket under archive/, if there is one. Who is erased is erased there, too.',
    },
    ownerRetentionDays: {
      kind: integer('days', 1, 36_500),
      about:
        'The least that owners of groups may choose for theirs, up to --retention-days. Absent: they may not choose.',
    },
    ownDeletion: {
      kind: choice(['account', 'everything']),
      default: 'account',
      about:
        'What goes when people delete their account: the account, and what they wrote stays under no name; or everything, as when an admin erases them.',
    },
    search: {
      kind: boolean,
      default: true,
      about:
        'Note the words of messages after they were sent, so that people find them. Ten rows or so for each; false saves them, and there is no search.',
    },
    encryptionKeys: {
      kind: secrets,
      about:
        'Master keys, <id>:<32 bytes as base64>: what people say is encrypted in the database, files where they lie, and search is off. The first wraps, all unwrap.',
    },
    encryptionKeysFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about: 'The same from a file, one in each line.',
    },
    encryptionKeyProvider: {
      only: 'library',
      kind: keyProvider,
      about: 'A service that keeps the master keys, instead of encryptionKeys.',
    },
    encryptionWrites: {
      kind: boolean,
      default: true,
      about:
        'Whether what is written is encrypted; false: what is so already can be read. Without keys it means nothing.',
    },
    encryptionKeysInMemory: {
      kind: integer('number', 1_000),
      default: 10_000,
      about: 'Unwrapped keys of conversations in memory at most, of 200 bytes or so.',
    },
    maxGroupMembers: { kind: count, default: 3_000, about: 'Members of a group at most.' },
    topicsFrom: {
      kind: integer('number', 0, 1_000_000),
      default: 500,
      about:
        "Groups of so many are pushed to as topics, at the cost of a small one. 0: none is, as beside push servers of box-im's.",
    },
  }),

  ...inGroup('Devices that are away', {
    webPushContact: {
      kind: contact,
      about:
        'Whom the push services of browsers write to when something is wrong: mailto:ops@example.com. With it those who are away are told by web push.',
    },
    webPushKeyFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about:
        'The private key of web push in PEM, EC P-256. By default one is made, and kept in the database; with another one browsers have to register again.',
    },
    webPushHosts: {
      kind: orNone(hosts),
      default: ['fcm.googleapis.com', '.push.services.mozilla.com', '.notify.windows.com', '.push.apple.com'],
      about: 'Hosts of push services that browsers may name; .push.example.com is all below it.',
    },
    apnsFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about:
        "JSON with key (the text of Apple's AuthKey_….p8), keyId, teamId, topic (the bundle id) and, for development, host. With it Apple's devices are told.",
    },
    fcmFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about:
        "The JSON of a service account of Firebase, as Google gives it. With it Android's devices are told.",
    },
    awayAfterMs: {
      kind: milliseconds(0),
      default: 5_000,
      about: 'How long a device has to take a message until its user is told by a push service.',
    },
  }),

  ...inGroup('Limits', {
    requestsPerMinute: {
      kind: count,
      default: 1_200,
      about:
        'Requests of one user, or of an address without a token, per instance. More are answered with code 429.',
    },
    uploadsPerMinute: {
      kind: count,
      default: 60,
      about: 'Uploads of one user in a minute, per instance. More are answered with code 429.',
    },
    failedLoginsPerAccount: {
      kind: count,
      default: 10,
      about: 'Wrong passwords for one account from one network, in a quarter of an hour.',
    },
    failedLoginsPerAccountFromAnywhere: {
      kind: count,
      default: 50,
      about: 'Wrong passwords for one account from all networks that it has not been used from.',
    },
    failedLoginsPerAddress: {
      kind: count,
      default: 100,
      about: 'Wrong passwords from one network, for any accounts.',
    },
    passwordMinLength: {
      kind: integer('number', 1, 128),
      default: 8,
      about: 'Characters that a new password has at least; the thousand that people choose most are refused.',
    },
    registrationsPerHour: { kind: count, default: 30, about: 'New accounts from one network in an hour.' },
    messagesPerMinute: {
      kind: count,
      default: 120,
      about: 'Messages of one user in a minute, per instance. More are answered with code 429.',
    },
    searchesPerMinute: {
      kind: count,
      default: 60,
      about: 'Searches of one user in a minute, per instance. More are answered with code 429.',
    },
    invitationsPerHour: {
      kind: count,
      default: 300,
      about: 'Friends that one user brings into groups in an hour. More are answered with code 429.',
    },
    friendRequestsPerDay: {
      kind: count,
      default: 50,
      about: 'Requests to be friends of one user in a day. More are answered with code 429.',
    },
    connectionsPerAddress: {
      kind: count,
      default: 1_000,
      about: 'Open connections of one address, but for proxies of ours; more are closed.',
    },
    bodyTimeoutMs: {
      kind: milliseconds(1),
      default: 10_000,
      about: 'A body that has not come by then closes its connection; uploads have ten minutes.',
    },
    requestTimeoutMs: {
      kind: milliseconds(1),
      default: 4_500,
      about: 'An answer takes at most so long; then it is a 503.',
    },
  }),

  ...inGroup('Campaigns', {
    campaigns: {
      kind: boolean,
      default: false,
      about: 'Admins and other back ends may push something to many people.',
    },
    campaignRate: {
      kind: count,
      default: 1_000,
      about: 'How many are told in a second, by all campaigns and instances together.',
    },
  }),

  ...inGroup('Red packets', {
    redPackets: {
      kind: boolean,
      default: false,
      about: 'People may send each other red packets, of balances that the platform keeps.',
    },
    redPacketMost: {
      kind: count,
      default: 20_000,
      about: 'What one may hold at most, in the smallest unit, as cents.',
    },
    redPacketSharesMost: {
      kind: integer('number', 1, 500),
      default: 100,
      about: 'How many shares one may have.',
    },
    redPacketsPerDay: {
      kind: count,
      default: 200_000,
      about: 'What one user may send within a day, in the smallest unit.',
    },
    redPacketHours: {
      kind: integer('hours', 1, 720),
      default: 24,
      about: 'After how many hours the rest goes back to the sender.',
    },
    playPayments: {
      kind: boolean,
      default: false,
      about: 'Everybody may pay in as much as they like, of play money: for demonstrations.',
    },
    paymentMost: {
      kind: count,
      default: 100_000,
      about: 'What one payment may be at most, in the smallest unit.',
    },
  }),

  ...inGroup('Operation', {
    sweepMs: {
      kind: milliseconds(1),
      default: 1_000,
      about: 'How often pushes that were missed are looked for, and messages whose words are not known yet.',
    },
    drainMs: {
      kind: integer('ms', 0, 600_000),
      default: 0,
      about:
        'How long requests are still taken while /readyz says 503, so that a load balancer turns away first.',
    },
    logLevel: operation.logLevel,
  }),

  bus: { only: 'library', kind: busKind },
  accessKey: { only: 'library', kind: privateKeyText },
  webPushKey: { only: 'library', kind: privateKeyText },
  apns: { only: 'library', kind: apns },
  fcm: { only: 'library', kind: fcm },
  awayChannels: { only: 'library', kind: awayChannels },
  paymentProvider: { only: 'library', kind: paymentProvider },
  logger: { only: 'library', kind: logger, default: silentLogger },
  audit: { only: 'library', kind: anyFunction<WriteAudit>() },
};
