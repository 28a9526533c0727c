// What our own packages share beyond the public door: for them alone, and free to change with any release.
export { Alarm } from './bus/alarm.ts';
export { deadKeptMs, deadServersKeptMs, routeTtlMs } from './bus/bus.ts';
export { fromByteText, isAscii, toByteText } from './bus/byte-text.ts';
export { FailureDetector } from './bus/cluster/failure-detector.ts';
export { Membership } from './bus/cluster/membership.ts';
export type { Identity } from './bus/cluster/membership.ts';
export { listsOf, readServers } from './bus/cluster/servers.ts';
export type { ServerRow } from './bus/cluster/servers.ts';
export { putBack, takeOver } from './bus/cluster/take-over.ts';
export { BusClock } from './bus/bus-clock.ts';
export { consume } from './bus/consume.ts';
export type { ConsumeOptions } from './bus/consume.ts';
export { Calls as MemoryCalls } from './bus/memory/calls.ts';
export { memoryBusOf } from './bus/memory/memory-bus.ts';
export { realClock, rest } from './bus/clock.ts';
export type { Clock, Timer } from './bus/clock.ts';
export { afterUnknown } from './bus/after-unknown.ts';
export { deadLetterProducer, decodeDeadLetter, encodeDeadLetter, entryOf } from './bus/dead-letters.ts';
export {
  beforeReceivers,
  behindReceivers,
  dataAtEnd,
  decodeEntry,
  encodeAddress,
  encodeEntry,
  isTooDeep,
  PoisonError,
  quoted,
} from './bus/entry.ts';
export type { Entry } from './bus/entry.ts';
export type { EntryExtras } from './bus/extras.ts';
export { decodeForceLogout, encodeForceLogout, mostBytesOfWords } from './bus/force-logout.ts';
export type { ForceLogout } from './bus/force-logout.ts';
export { gather } from './bus/gather.ts';
export { Gathering } from './bus/gathering.ts';
export { LeaderConsumer } from './bus/cluster/leader-consumer.ts';
export { eachStringOf, maxDepth, scanObject, ScanError, skipValue } from './bus/json-scan.ts';
export { kindOfEntry } from './bus/entry-kind.ts';
export { claimsKeptMs } from './bus/claims.ts';
export { mostKeptBytes, mostSharedResultBytes } from './bus/kept.ts';
export { LinkedSet } from './bus/linked-set.ts';
export { endOfUnknownLists } from './bus/list-ends.ts';
export type { Linked } from './bus/linked-set.ts';
export {
  deadLetterList,
  drainNotice,
  forceLogoutList,
  highList,
  isInstanceList,
  leftNotice,
  messageList,
  presenceList,
  presenceNotice,
  resultKinds,
  replyList,
  resultList,
  serverGroup,
  serviceGroup,
  watcherOf,
  webhookList,
} from './bus/names.ts';
export type { ResultKind } from './bus/names.ts';
export { busKind, keyPrefix, redisAddress, redisKind, toRedisBusOptions } from './bus/redis/options.ts';
export { decodePresence, encodePresence } from './bus/presence-events.ts';
export type { PresenceEntry, PresenceNote } from './bus/presence-events.ts';
export { Producer } from './bus/produce.ts';
export type { ProducerOptions, Waiting as WaitingToBePut } from './bus/produce.ts';
export { isRevoked, isSessionName, joinRevocations } from './bus/revocation.ts';
export { redisOf } from './bus/redis/redis-bus.ts';
export type { RedisAccess } from './bus/redis/redis-bus.ts';
export { runningMs } from './bus/running-clock.ts';
export {
  codeOf,
  codeOfReason,
  decodeResult,
  count,
  encodeCounted,
  encodeKeptResult,
  encodeLastResult,
  encodeResults,
  stages,
} from './bus/result.ts';
export { decodeResults, mostPerPack, packResults } from './bus/result-pack.ts';
export { isTopicName, topicNameForm } from './bus/topics.ts';
export type { Counted, Handling, Outcome, Result, ResultSource } from './bus/result.ts';
export { decodeServerInfo, encodeServerInfo, hasFeature } from './bus/server-info.ts';
export type { Feature, ServerInfo } from './bus/server-info.ts';
export {
  commandOfCall,
  dataTextOf,
  decodeUplink,
  encodeCall,
  encodeUplink,
  encodeUplinkAnswer,
  errorMember,
} from './bus/uplink-entry.ts';
export type { AnsweredUplink, ReadUplink, ReplyTo, UplinkEntry } from './bus/uplink-entry.ts';
export { outboxMemoryMs, uplinkList, uplinkPartitionOf, uplinkPartitions } from './bus/uplinks.ts';
export { traceContextOf, traceTextOf } from './bus/trace-text.ts';
export {
  decodeTraceRecord,
  encodeTraceOrder,
  decodeTraceOrder,
  longestTraceMs,
  senderIdOf,
  traceList,
  traceNotice,
  TraceStore,
  traceSteps,
} from './bus/traces.ts';
export type { TraceOrder, TraceRecord, TraceStep } from './bus/traces.ts';
