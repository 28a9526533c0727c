export { Alarm } from './alarm.ts';
export { memoryOfTheDead, memoryOfTheDeadMs, routeTtlMs } from './bus.ts';
export type {
  InFlight,
  Bus,
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
export { fromByteText, isAscii, toByteText } from './byte-text.ts';
export type { ByteText } from './byte-text.ts';
export { consume } from './consume.ts';
export type { ConsumeOptions } from './consume.ts';
export { decodeEntry, encodeAddress, encodeEntry, isTooDeep, PoisonError } from './entry.ts';
export type { Entry } from './entry.ts';
export { decodeForceLogout, encodeForceLogout } from './force-logout.ts';
export type { ForceLogout } from './force-logout.ts';
export { eachStringOf, maxDepth, scanObject, ScanError, skipValue } from './json-scan.ts';
export { LinkedSet } from './linked-set.ts';
export { endOfUnknownLists } from './list-ends.ts';
export type { Linked } from './linked-set.ts';
export { createMemoryBus } from './memory/memory-bus.ts';
export {
  deadLetterList,
  forceLogoutList,
  messageList,
  resultList,
  serverGroup,
  serviceGroup,
} from './names.ts';
export { busKind, redisKind, toRedisBusOptions } from './options.ts';
export { Producer } from './produce.ts';
export type { ProducerOptions } from './produce.ts';
export { hidePassword } from './redis/connect.ts';
export { isRevoked, isSessionName, joinRevocations } from './revocation.ts';
export type { Revocation, RevocationOrder, ShownToken } from './revocation.ts';
export { createRedisBus, redisOf } from './redis/redis-bus.ts';
export type { RedisAccess, RedisBusOptions } from './redis/redis-bus.ts';
export { runningMs } from './running-clock.ts';
export {
  codeOf,
  codeOfReason,
  decodeResult,
  encodeLastResult,
  encodeResults,
  ResultCode,
  stages,
} from './result.ts';
export type { Handling, Outcome, Reason, Result, ResultSource, Stage } from './result.ts';
export { decodeServerInfo, encodeServerInfo } from './server-info.ts';
export type { ServerInfo } from './server-info.ts';
