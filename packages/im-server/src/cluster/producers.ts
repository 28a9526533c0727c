import type { Lists } from 'im-common/bus';
import {
  deadLetterProducer,
  endOfUnknownLists,
  mostPerPack,
  mostSharedResultBytes,
  Producer,
  type ProducerOptions,
} from 'im-common/internal/bus';

/** The ways in which a server puts something on a list. They differ in what happens when the list or the bus is full. */
export interface Producers {
  /** Entries and orders for other servers: refused when the list is full, as their senders are told. */
  readonly entries: Producer;
  /** Results, oldest dropped first, as nobody may ever read them. They wait longer for the bus than anybody for them. */
  readonly results: Producer;
  /** The same in packs, for instances of services. */
  readonly packedResults: Producer;
  /** Ends of kept messages: the same, but for who may be away for long while its devices are not. */
  readonly keptResults: Producer;
  /** Who came and went, for services; the oldest dropped first, and then the service is told of everyone again. */
  readonly presence: Producer;
  /** Entries that nobody can read: few, for people to look at. */
  readonly deadLetters: Producer;
  /** Replies of devices, for instances that wait for them now or never. */
  readonly replies: Producer;
}

export function closeProducers(producers: Producers): void {
  for (const producer of Object.values(producers) as Producer[]) producer.close();
}

const longestList = 1_000_000;
/** Each entry may tell of a hundred sessions. */
const longestPresenceList = 50_000;
const mostPresenceBytes = 67_108_864;
/** A service whose notice has ended begins anew. */
const presenceKeptMs = 3_600_000;
const mostReplies = 100_000;
const oneMinuteMs = 60_000;
const oneDayMs = 86_400_000;
const entryTimeoutMs = 3_000;
const resultTimeoutMs = 30_000;

export function createProducers(lists: Lists, isKnown: (serverId: number) => boolean): Producers {
  const ofResults: ProducerOptions = {
    maxLength: longestList,
    whenFull: 'drop-oldest',
    ttlMs: oneDayMs,
    timeoutMs: resultTimeoutMs,
    waitsForMemory: true,
    maxBatch: 1_000,
  };
  return {
    entries: new Producer(lists, {
      maxLength: longestList,
      whenFull: 'refuse',
      ttlMs: endOfUnknownLists(isKnown),
      timeoutMs: entryTimeoutMs,
      maxBatch: 500,
    }),
    results: new Producer(lists, ofResults),
    packedResults: new Producer(lists, { ...ofResults, maxLength: longestList / mostPerPack }),
    keptResults: new Producer(lists, { ...ofResults, maxBytes: mostSharedResultBytes }),
    presence: new Producer(lists, {
      maxLength: longestPresenceList,
      maxBytes: mostPresenceBytes,
      whenFull: 'drop-oldest',
      ttlMs: presenceKeptMs,
      timeoutMs: resultTimeoutMs,
      waitsForMemory: true,
      maxBatch: 100,
    }),
    replies: new Producer(lists, {
      maxLength: mostReplies,
      whenFull: 'drop-oldest',
      ttlMs: oneMinuteMs,
      timeoutMs: entryTimeoutMs,
      maxBatch: 500,
    }),
    deadLetters: deadLetterProducer(lists, { most: 1_000, timeoutMs: resultTimeoutMs }),
  };
}
