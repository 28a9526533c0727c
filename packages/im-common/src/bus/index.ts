export type {
  InFlight,
  Bus,
  DeadMember,
  ExpiredMember,
  GroupView,
  Lease,
  Lists,
  Member,
  Presence,
  PutBatch,
  PutOutcome,
  Registry,
  Route,
  RenewOutcome,
  Taken,
  Taker,
  Whereabouts,
} from './bus.ts';
export type { Claim, ClaimOutcome, Claims } from './claims.ts';
export type { KeepOutcome, Kept, KeptEnd, KeptMessage, KeptMessageOver, MessageToKeep } from './kept.ts';
export type { DeadLetter } from './dead-letters.ts';
export type { ByteText } from './byte-text.ts';
export { createMemoryBus } from './memory/memory-bus.ts';
export type { Revocation, RevocationOrder, ShownToken } from './revocation.ts';
export { createRedisBus } from './redis/redis-bus.ts';
export type { RedisBusOptions } from './redis/redis-bus.ts';
export type {
  AppendedToTopic,
  NumberedMessage,
  TopicHistory,
  TopicMessageToKeep,
  TopicMissed,
  TopicPosition,
} from './topic-history.ts';
export type { KnownMember, MembersPage, Restored, TopicChange, Topics, TopicsOfUser } from './topics.ts';
export type {
  EndedSession,
  RefreshedSession,
  Session,
  SessionBound,
  SessionDetails,
  SessionRule,
  Sessions,
  Standing,
  TableChange,
  TableRow,
} from './sessions.ts';
export type {
  HandledUplink,
  OwnedPartition,
  Uplink,
  UplinkLimits,
  UplinkOutcome,
  Uplinks,
  UplinkShare,
} from './uplinks.ts';
export { ResultCode } from './result.ts';
export type { Reason, Stage } from './result.ts';
export type { MemoryBusOptions } from './memory/memory-bus.ts';
