import type { Bus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import { Counter, Histogram, Registry } from 'prom-client';
import type { Database, LaneDatabase } from './db/database.ts';
import { ConversationStates } from './conversations/conversation-states.ts';
import { ConversationStore } from './conversations/conversation-store.ts';
import { DeliveredPositions } from './conversations/delivered-positions.ts';
import { ReadPositions } from './conversations/read-positions.ts';
import { StateNews } from './conversations/state-news.ts';
import { deleteFile } from './files/delete-file.ts';
import { allowedAddresses } from './files/file-addresses.ts';
import { FileLinks } from './files/file-links.ts';
import { FileRecords } from './files/file-records.ts';
import type { FileStore } from './files/file-store.ts';
import { FileUsage } from './files/file-usage.ts';
import { MessageFiles } from './files/message-files.ts';
import { sealFiles } from './at-rest/open-vault.ts';
import { openFileStore } from './files/open-file-store.ts';
import { GroupMembers } from './groups/group-members.ts';
import { GroupTopics } from './groups/group-topics.ts';
import { limitersOn } from './limits/limiter.ts';
import { beginningsHere, type GroupBeginnings } from './groups/group-beginnings.ts';
import { GroupNews } from './groups/group-news.ts';
import { GroupStore } from './groups/group-store.ts';
import { beginningsByOrder, groupsAhead } from './messages/group/groups-ahead.ts';
import type { GroupMessage } from './messages/group/group-message.ts';
import {
  groupLogKind,
  storedInGroups,
  type GroupDraft,
  type GroupMessageLog,
} from './messages/group/group-log.ts';
import { GroupMessageStore } from './messages/group/group-message-store.ts';
import type { MessageDetail } from './message-details/detail.ts';
import { findDetail, type MessageKey } from './message-details/detail-rows.ts';
import { toShown } from './inbox/content.ts';
import { readConversationId } from './inbox/conversation-id.ts';
import { showOfGroupToAll, showPrivateToAll } from './inbox/message-view.ts';
import type { MessageHook } from './message-hook/message-hook.ts';
import { openMessageHook } from './message-hook/open-message-hook.ts';
import { Latecomers } from './message-log/latecomers.ts';
import { MessageLog, type Log, type MessageLogDeps } from './message-log/message-log.ts';
import { SpreadLog } from './message-log/spread-log.ts';
import {
  privateLogKind,
  privatelyAhead,
  storedPrivately,
  type PrivateDraft,
  type PrivateMessageLog,
} from './messages/private/private-log.ts';
import type { PrivateMessage } from './messages/private/private-message.ts';
import { PrivateMessageStore } from './messages/private/private-message-store.ts';
import { Audit } from './operations/audit.ts';
import type { ResolvedOptions } from './options.ts';
import { GroupDeliveries, PrivateDeliveries, type CountOutcome } from './messages/deliveries.ts';
import { GroupPushes } from './messages/group/group-pushes.ts';
import { handoverOf } from './push/handover.ts';
import { MessageEvents } from './message-events/message-events.ts';
import { Outbox } from './events/outbox.ts';
import { PendingPushes } from './push/pending-pushes.ts';
import { PushOutcomes } from './push/push-outcomes.ts';
import { GroupEvents } from './push/group-events.ts';
import { PrivateEvents } from './push/private-events.ts';
import type { PlatformIm } from './push/platform-im.ts';
import { PrivatePushes } from './messages/private/private-pushes.ts';
import { Sweeper } from './push/sweeper.ts';
import { Seals } from './seals/seals.ts';
import { Tickets } from './seals/tickets.ts';
import { FactorStore } from './second-factor/factor-store.ts';
import { SecondFactors } from './second-factor/second-factors.ts';
import { SensitiveWords } from './sensitive-words/sensitive-words.ts';
import { Activity } from './sessions/activity.ts';
import { SessionStore } from './sessions/session-store.ts';
import { Sessions } from './sessions/sessions.ts';
import { Tokens } from './sessions/tokens.ts';
import { KnownNetworks } from './users/known-networks.ts';
import { LoginLimits } from './users/login-limits.ts';
import { PasswordChecks } from './users/password-checks.ts';
import { Passwords } from './users/password.ts';
import { UserStore } from './users/user-store.ts';
import { MessageStatus } from './wire/message-type.ts';

/** Of one account in an hour, by who has shown its password. */
const mostWrongCodes = 10;

/** What the features of the platform share. Each of them takes of it what it needs. */
export interface Core {
  readonly options: ResolvedOptions;
  readonly database: Database;
  /** For what goes over it beside messages: the orders of an admin back end. */
  readonly bus: Bus;
  readonly im: PlatformIm;
  readonly metrics: Registry;
  readonly audit: Audit;
  /** For what others are told of. */
  readonly outbox: Outbox;
  /** Undefined: nobody is asked before a message is stored. */
  readonly messageHook: MessageHook | undefined;
  readonly tokens: Tokens;
  readonly sessionStore: SessionStore;
  readonly sessions: Sessions;
  readonly activity: Activity;
  readonly users: UserStore;
  readonly knownNetworks: KnownNetworks;
  readonly passwords: Passwords;
  readonly passwordChecks: PasswordChecks;
  readonly tickets: Tickets;
  readonly secondFactors: SecondFactors;
  readonly words: SensitiveWords;
  readonly fileRecords: FileRecords;
  readonly fileStore: FileStore;
  readonly fileUsage: FileUsage;
  readonly messageFiles: MessageFiles;
  readonly fileLinks: FileLinks;
  readonly members: GroupMembers;
  readonly groupTopics: GroupTopics;
  readonly conversations: ConversationStore;
  readonly conversationStates: ConversationStates;
  readonly stateNews: StateNews;
  readonly readPositions: ReadPositions;
  readonly deliveredPositions: DeliveredPositions;
  readonly privateMessages: PrivateMessageStore;
  readonly privateLog: PrivateMessageLog;
  readonly privateEvents: PrivateEvents;
  readonly groupMessages: GroupMessageStore;
  readonly groupLog: GroupMessageLog;
  readonly groupBeginnings: GroupBeginnings;
  readonly groupEvents: GroupEvents;
  readonly pushOutcomes: PushOutcomes;
  start(): void;
  /** Ends all of it, the client of the push servers included. */
  close(): Promise<void>;
}

export function createCore(
  options: ResolvedOptions,
  database: Database,
  { bus, im, metrics = new Registry() }: Pick<Core, 'bus' | 'im'> & Partial<Pick<Core, 'metrics'>>,
): Core {
  const audit = new Audit(options.audit, metrics);
  const outbox = new Outbox();
  const tokens = new Tokens(options);
  const sessionStore = new SessionStore(database);
  const activity = new Activity(database, options.logger);
  const seals = new Seals(options.refreshSecret);
  const tickets = new Tickets(database, seals);
  const factors = new FactorStore(database);
  const secondFactors = new SecondFactors({
    ...{ database, store: factors, seals, tickets, audit },
    attempts: limitersOn(redisOf(bus))({ name: 'second-factor', times: mostWrongCodes, durationS: 3_600 }),
    holdUser: (sql, userId) => sessionStore.holdUser(sql, userId),
  });
  const members = new GroupMembers(database);
  const groupTopics = new GroupTopics({ database, im, logger: options.logger, from: options.topicsFrom });
  const conversations = createConversations({ options, database, im, outbox });
  const fileLinks = new FileLinks(options);
  const hook = openMessageHook(options, {
    database,
    metrics,
    show({ conversation, detail, ...said }) {
      const content = fileLinks.v1.inContent(said, conversation);
      return toShown({ ...said, content, status: MessageStatus.PENDING }, detail);
    },
  });
  const { deliveredPositions } = conversations;
  const messages = createMessages({
    ...{ options, database, im, metrics, members, groupTopics, deliveredPositions, fileLinks },
    outbox,
  });
  const whenForgotten = (): void => groupTopics.forgotten();
  const files = createFiles({ options, database, fileLinks, conversations: conversations.conversations });
  return {
    ...{ options, database, bus, im, metrics, audit, outbox, tokens, sessionStore, activity },
    messageHook: hook?.hook,
    ...{ members, groupTopics },
    ...files,
    fileLinks,
    sessions: new Sessions({
      ...options,
      database,
      tokens,
      store: sessionStore,
      sockets: im,
      audit,
      activity,
      hasSecondFactor: (sql, userId) => factors.isOn(userId, sql),
      outbox,
    }),
    users: new UserStore(database),
    ...createPasswords({ options, database, bus, audit }),
    ...{ tickets, secondFactors },
    ...conversations,
    words: new SensitiveWords(),
    privateMessages: messages.private.store,
    privateLog: messages.private.log,
    privateEvents: new PrivateEvents(im),
    groupMessages: messages.group.store,
    groupLog: messages.group.log,
    groupBeginnings: messages.group.beginnings,
    groupEvents: new GroupEvents(im),
    pushOutcomes: messages.outcomes,
    start() {
      im.events.on('busForgot', whenForgotten);
      groupTopics.check();
      messages.private.log.start?.();
      messages.group.log.start?.();
      messages.sweeper.start();
    },
    async close() {
      im.events.off('busForgot', whenForgotten);
      hook?.close();
      await messages.sweeper.close();
      await groupTopics.close();
      await messages.private.log.close();
      await messages.group.log.close();
      // Results that have arrived are handled first; the rows that they complete are deleted last.
      await im.close();
      await deliveredPositions.close();
      await messages.pending.close();
      files.fileStore.close();
    },
  };
}

function createPasswords({
  options,
  database,
  bus,
  audit,
}: Pick<Core, 'options' | 'database' | 'bus' | 'audit'>): Pick<
  Core,
  'knownNetworks' | 'passwords' | 'passwordChecks'
> {
  const [knownNetworks, passwords] = [new KnownNetworks(database), new Passwords()];
  const limits = new LoginLimits({
    createLimiter: limitersOn(redisOf(bus)),
    audit,
    perAccount: options.failedLoginsPerAccount,
    perAccountFromAnywhere: options.failedLoginsPerAccountFromAnywhere,
    perNetwork: options.failedLoginsPerAddress,
  });
  return {
    knownNetworks,
    passwords,
    passwordChecks: new PasswordChecks({ knownNetworks, passwords, limits }),
  };
}

function createConversations({
  options: { logger },
  database,
  im,
  outbox,
}: Pick<Core, 'options' | 'database' | 'im' | 'outbox'>): Pick<
  Core,
  'conversations' | 'conversationStates' | 'stateNews' | 'readPositions' | 'deliveredPositions'
> {
  const conversations = new ConversationStore(database);
  const conversationStates = new ConversationStates(database);
  const stateNews = new StateNews({ im, states: conversationStates, logger });
  const readPositions = new ReadPositions({ database, store: conversations, news: stateNews, outbox });
  const deliveredPositions = new DeliveredPositions({
    ...{ database, store: conversations, news: stateNews, logger },
  });
  return { conversations, conversationStates, stateNews, readPositions, deliveredPositions };
}

type MessageDeps = Pick<
  Core,
  | 'options'
  | 'database'
  | 'im'
  | 'metrics'
  | 'members'
  | 'groupTopics'
  | 'deliveredPositions'
  | 'fileLinks'
  | 'outbox'
>;

/** The way of a message: stored by a log, pushed, pushed again by the sweeper, and what became of it. */
function createMessages(deps: MessageDeps) {
  const { options, database, im, metrics, members, groupTopics, deliveredPositions } = deps;
  const { v1, boxIm: links } = deps.fileLinks;
  const { logger, requestTimeoutMs, sweepMs: everyMs } = options;
  const { batches, outcomes: counted } = messageMetrics(metrics);
  const outcomes = new PushOutcomes();
  const logOptions = (kind: string): Omit<MessageLogDeps<never>, 'handover'> => ({
    logger,
    onBatch: (messages) => batches.observe({ kind }, messages),
    // A send that waited has time left to be stored and answered.
    longestWaitMs: Math.round((requestTimeoutMs * 2) / 3),
    whenCapacity: () => im.capacity(),
  });
  const count: CountOutcome = (kind, reason, receivers) => {
    counted.inc({ kind, reason }, receivers);
  };
  const pending = new PendingPushes(database, logger);
  const latecomers = new Latecomers(database);
  const detailOf = (key: MessageKey): Promise<MessageDetail | undefined> =>
    findDetail(database.of(key.conversation).sql, key);
  const privatePushes = new PrivatePushes({
    ...{ im, pending, outcomes, logger, links },
    beside: {
      detailOf,
      show: (message, detail, quote) => showPrivateToAll(message, { detail, quote, links: v1 }),
    },
  });
  const groupPushes = new GroupPushes({
    ...{ im, pending, outcomes, logger, links, members, topics: groupTopics },
    beside: { detailOf, show: (message, detail) => showOfGroupToAll(message, { detail, links: v1 }) },
  });
  const events = new MessageEvents(deps.outbox, v1);
  const privateStore = new PrivateMessageStore(database, latecomers);
  const groupStore = new GroupMessageStore(database, latecomers);
  im.register(new PrivateDeliveries(database, deliveredPositions, count));
  im.register(new GroupDeliveries(count));
  const kinds = [
    { kind: 'private', store: privateStore, pushes: privatePushes },
    { kind: 'group', store: groupStore, pushes: groupPushes },
  ] as const;
  return {
    pending,
    outcomes,
    private: {
      store: privateStore,
      log: openPrivateLog(deps, (at) => {
        const handover = handoverOf(
          'private',
          (message: PrivateMessage) => privatePushes.audiencesOf(message),
          {
            ...{ pending, latecomers },
          },
        );
        const kind = privateLogKind(privatePushes, events.ofPrivate);
        return new MessageLog(at, kind, { ...logOptions('private'), handover });
      }),
    },
    group: {
      store: groupStore,
      ...openGroupLog(deps, (at) => {
        const handover = handoverOf('group', (message: GroupMessage) => groupPushes.audiencesOf(message), {
          ...{ pending, latecomers },
        });
        const kind = groupLogKind(groupPushes, events.ofGroups);
        return new MessageLog(at, kind, { ...logOptions('group'), handover });
      }),
    },
    sweeper: new Sweeper({ pending, latecomers, im, kinds, others: [groupTopics], logger, everyMs }),
  };
}

/** One for each database that lanes may be in. */
function openPrivateLog(
  { database, options: { logger, sweepMs: everyMs } }: Pick<Core, 'database' | 'options'>,
  open: (at: LaneDatabase) => Log<PrivateDraft, PrivateMessage>,
): PrivateMessageLog {
  if (!database.isOneOfSeveral) return open(database);
  const [kind, ahead] = [storedPrivately, privatelyAhead];
  return new SpreadLog({ database, kind, ahead, open, logger, everyMs });
}

/** The same; with several who is in a group stands in the first, and what that comes to is ordered from there. */
function openGroupLog(
  { database, im, outbox, options: { logger, sweepMs: everyMs } }: MessageDeps,
  open: (at: LaneDatabase) => Log<GroupDraft, GroupMessage>,
): { readonly log: GroupMessageLog; readonly beginnings: GroupBeginnings } {
  if (!database.isOneOfSeveral) return { log: open(database), beginnings: beginningsHere(outbox, database) };
  const news = new GroupNews(new GroupEvents(im), logger);
  const ahead = groupsAhead({ outbox, news, groups: new GroupStore(database) });
  const log = new SpreadLog({ database, kind: storedInGroups, ahead, open, logger, everyMs });
  return { log, beginnings: beginningsByOrder(log, { outbox, logger }) };
}

function messageMetrics(metrics: Registry) {
  return {
    batches: new Histogram({
      name: 'im_platform_log_batch_messages',
      help: 'Messages that were stored in one transaction',
      labelNames: ['kind'],
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
      registers: [metrics],
    }),
    outcomes: new Counter({
      name: 'im_platform_push_outcomes_total',
      help: 'Outcomes of stored messages at devices',
      labelNames: ['kind', 'reason'],
      registers: [metrics],
    }),
  };
}

async function isInNow(
  conversations: Pick<ConversationStore, 'member'>,
  userId: number,
  id: string,
): Promise<boolean> {
  const conversation = readConversationId(id, userId);
  if (conversation?.kind !== 'group') return conversation !== undefined;
  return (await conversations.member(userId, id))?.leftNumber === null;
}

function createFiles({
  options,
  database,
  fileLinks: links,
  conversations,
}: Pick<Core, 'options' | 'database' | 'fileLinks' | 'conversations'>): Pick<
  Core,
  'fileRecords' | 'fileStore' | 'fileUsage' | 'messageFiles'
> {
  const fileUsage = new FileUsage({
    perUser: options.filesPerUserMb * 2 ** 20,
    inAll: options.filesInAllMb * 2 ** 20,
  });
  const fileRecords = new FileRecords(database, fileUsage);
  const fileStore = sealFiles(openFileStore(options), database, options);
  const messageFiles = new MessageFiles({
    database,
    records: fileRecords,
    usage: fileUsage,
    isAllowed: allowedAddresses(options),
    links,
    isIn: (userId, conversation) => isInNow(conversations, userId, conversation),
    deleteFile: (file) => deleteFile({ records: fileRecords, store: fileStore }, file),
    logger: options.logger,
  });
  return { fileRecords, fileStore, fileUsage, messageFiles };
}
