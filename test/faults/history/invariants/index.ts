import type { HistoryIndex } from '../index-of.ts';
import type { Finding, Limits } from './finding.ts';
import { keptMessagesEnd } from './kept.ts';
import { nothingIsLeft } from './leftovers.ts';
import { ordersAreKept } from './order.ts';
import { othersKeepTheirPace } from './pace.ts';
import { oneConnectionEach, presenceEventsAreTrue, presenceIsTrue } from './presence.ts';
import { highGoesAhead } from './priority.ts';
import { nothingTwiceNothingUnsent } from './repetitions.ts';
import { everySendHasOneResult, successIsTrue } from './results.ts';
import { everySessionHasIt } from './sessions.ts';
import { topicsReachTheirMembers } from './topics.ts';
import { uplinksAreHeard } from './uplinks.ts';

/** All of them, by the names that reports give them. */
export const invariants: Readonly<Record<string, (history: HistoryIndex, limits: Limits) => Finding>> = {
  'I1 one result each': everySendHasOneResult,
  'I2 success is true': successIsTrue,
  'I3 nothing twice, nothing unsent': nothingTwiceNothingUnsent,
  'I4 order': ordersAreKept,
  'I5 presence': presenceIsTrue,
  'I6 one connection each': oneConnectionEach,
  'I7 nothing is left': nothingIsLeft,
  // I8 is about read positions, which the transport does not have.
  'S1 every session has it': everySessionHasIt,
  'T1 topics': topicsReachTheirMembers,
  'T2 uplinks are heard': uplinksAreHeard,
  'T3 kept messages': keptMessagesEnd,
  'T4 high goes ahead': highGoesAhead,
  'T5 presence events': presenceEventsAreTrue,
  'I9 the others keep their pace': othersKeepTheirPace,
};
