import { anyFunction, invalidOption, readOptions, type Kinds } from '../../checks/index.ts';
import type { Bus } from '../bus.ts';
import { runningMs } from '../running-clock.ts';
import { Calls } from './calls.ts';
import { MemoryClaims } from './memory-claims.ts';
import { MemoryKept } from './memory-kept.ts';
import { MemoryLists } from './memory-lists.ts';
import { MemoryPresence } from './memory-presence.ts';
import { MemoryRegistry } from './memory-registry.ts';
import { MemoryTopics } from './memory-topics.ts';
import { MemorySessions } from './memory-sessions.ts';
import { MemoryUplinks } from './memory-uplinks.ts';

export interface MemoryBusOptions {
  /**
   * Milliseconds that never go back: the clock of leases, locks and all that expires. By default it stands still while the
   * event loop is blocked: nobody here could have renewed a lease meanwhile, so it proves nothing of anybody.
   * @default runningMs
   */
  readonly now?: () => number;
}

/** The bus for one process: all its servers and clients share the object. What is on it ends with the process. */
export function createMemoryBus(options: MemoryBusOptions = {}): Bus {
  const { now = runningMs } = readOptions('the options of a bus in memory', options, kinds, invalidOption);
  return memoryBusOf(new Calls(), now);
}

/** One whose calls can be counted, and whose process may end while somebody waits for entries. */
export function memoryBusOf(calls: Calls, now: () => number, holdsProcess = true): Bus {
  const lists = new MemoryLists(calls, now, holdsProcess);
  const kept: MemoryKept = new MemoryKept(calls, now, (address) => presence.find(address));
  const topics = new MemoryTopics(calls, now);
  const presence = new MemoryPresence(calls, now, (address) => ({
    hasKept: kept.has(address),
    mayHaveTopics: topics.isInAny(address.id),
  }));
  return {
    lists,
    presence,
    registry: new MemoryRegistry(calls, now),
    claims: new MemoryClaims(calls, now),
    topics,
    sessions: new MemorySessions(calls, now, presence),
    kept,
    uplinks: new MemoryUplinks(calls, lists, now),
    start: () => calls.answer(() => undefined),
    close() {
      calls.close();
      lists.endWaits();
      return Promise.resolve();
    },
    ping: () => calls.answer(() => 0),
  };
}

const kinds: Kinds<MemoryBusOptions> = { now: anyFunction('a function that gives milliseconds') };
