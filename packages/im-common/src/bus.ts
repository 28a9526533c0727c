export type {
  Bus,
  DeadMember,
  ExpiredMember,
  FoundBeside,
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
} from './bus/bus.ts';
export type { Claim, ClaimOutcome, Claims } from './bus/claims.ts';
export type { InFlight } from './bus/in-flight.ts';
export type { KeepOutcome, Kept, KeptEnd, KeptMessage, KeptMessageOver, MessageToKeep } from './bus/kept.ts';
export type { DeadLetter } from './bus/dead-letters.ts';
export type { ByteText } from './bus/byte-text.ts';
export { createMemoryBus } from './bus/memory/memory-bus.ts';
export type { Post, PostAnswer, PostBatch, Posts } from './bus/posts.ts';
export type { Revocation, RevocationOrder, ShownToken } from './bus/revocation.ts';
export { createRedisBus } from './bus/redis/redis-bus.ts';
export type { RedisBusOptions } from './bus/redis/redis-bus.ts';
export type {
  AppendedToTopic,
  NumberedMessage,
  TopicHistory,
  TopicMessageToKeep,
  TopicMissed,
  TopicPosition,
} from './bus/topic-history.ts';
export type { KnownMember, MembersPage, Restored, TopicChange, Topics, TopicsOfUser } from './bus/topics.ts';
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
} from './bus/sessions.ts';
export type {
  HandledUplink,
  OwnedPartition,
  Uplink,
  UplinkLimits,
  UplinkOutcome,
  Uplinks,
  UplinkShare,
} from './bus/uplinks.ts';
export { ResultCode } from './bus/result.ts';
export type { Reason, Stage } from './bus/result.ts';
export type { MemoryBusOptions } from './bus/memory/memory-bus.ts';
