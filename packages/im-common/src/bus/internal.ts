// What our own packages share beyond the public door: for them alone, and free to change with any release.
export { Alarm } from './alarm.ts';
export { deadKeptMs, deadServersKeptMs, routeTtlMs } from './bus.ts';
export { fromByteText, isAscii, toByteText } from './byte-text.ts';
export { FailureDetector } from './cluster/failure-detector.ts';
export { Membership } from './cluster/membership.ts';
export type { Identity } from './cluster/membership.ts';
export { putBack, takeOver } from './cluster/take-over.ts';
export { BusClock } from './bus-clock.ts';
export { consume } from './consume.ts';
export type { ConsumeOptions } from './consume.ts';
export { deadLetterProducer, decodeDeadLetter, encodeDeadLetter, entryOf } from './dead-letters.ts';
export { decodeEntry, encodeAddress, encodeEntry, isTooDeep, PoisonError, quoted } from './entry.ts';
export type { Entry } from './entry.ts';
export type { EntryExtras } from './extras.ts';
export { decodeForceLogout, encodeForceLogout, mostBytesOfWords } from './force-logout.ts';
export type { ForceLogout } from './force-logout.ts';
export { gather } from './gather.ts';
export { LeaderConsumer } from './cluster/leader-consumer.ts';
export { eachStringOf, maxDepth, scanObject, ScanError, skipValue } from './json-scan.ts';
export { kindOfEntry } from './entry-kind.ts';
export { mostKeptBytes } from './kept.ts';
export { LinkedSet } from './linked-set.ts';
export { endOfUnknownLists } from './list-ends.ts';
export type { Linked } from './linked-set.ts';
export {
  deadLetterList,
  forceLogoutList,
  highList,
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
} from './names.ts';
export type { ResultKind } from './names.ts';
export { busKind, keyPrefix, redisAddress, redisKind, toRedisBusOptions } from './redis/options.ts';
export { decodePresence, encodePresence } from './presence-events.ts';
export type { PresenceEntry, PresenceNote } from './presence-events.ts';
export { Producer } from './produce.ts';
export type { ProducerOptions } from './produce.ts';
export { isRevoked, isSessionName, joinRevocations } from './revocation.ts';
export { redisOf } from './redis/redis-bus.ts';
export type { RedisAccess } from './redis/redis-bus.ts';
export { runningMs } from './running-clock.ts';
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
} from './result.ts';
export { isTopicName, topicNameForm } from './topics.ts';
export type { Counted, Handling, Outcome, Result, ResultSource } from './result.ts';
export { decodeServerInfo, encodeServerInfo } from './server-info.ts';
export type { Feature, ServerInfo } from './server-info.ts';
export {
  commandOfCall,
  dataTextOf,
  decodeUplink,
  encodeCall,
  encodeUplink,
  encodeUplinkAnswer,
  errorMember,
} from './uplink-entry.ts';
export type { AnsweredUplink, ReadUplink, ReplyTo, UplinkEntry } from './uplink-entry.ts';
export { outboxMemoryMs, uplinkList, uplinkPartitionOf, uplinkPartitions } from './uplinks.ts';
