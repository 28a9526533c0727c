import { oversize, poisonEntry } from './bad-entries.ts';
import { awayUnderKills } from './away.ts';
import { burst, burstInMemory } from './burst.ts';
import { campaignsUnderKills } from './campaigns.ts';
import { changesUnderKills } from './changes.ts';
import { longNames, registrationCrowd } from './crowds.ts';
import { deadServer } from './dead-server.ts';
import { dyingSender, reportedNotAcknowledged, reusedIds } from './deaths-in-between.ts';
import { distantDrains, drainRounds, impatientSignals, comingsBack } from './drain.ts';
import { duplicateLogins } from './duplicate-logins.ts';
import { endToEndUnderKills } from './end-to-end.ts';
import { flushUnderConnections } from './flush.ts';
import { frameFloods, loginFlood } from './floods.ts';
import { gatewayBurst } from './gateway-burst.ts';
import { gateways } from './gateway.ts';
import { guesses } from './guesses.ts';
import { halfOpen } from './half-open.ts';
import { keptMessages } from './kept-messages.ts';
import { lateServer } from './late-server.ts';
import { clusterFailOver, partition, sentinelFailOver, slotMove, slowRedis } from './other-outages.ts';
import {
  crashBeforePush,
  crashBeforeTopic,
  crowdedConversation,
  databaseAway,
  repeatedSends,
} from './platform.ts';
import { oldInstance } from './old-instance.ts';
import { pollingReaders } from './polling-readers.ts';
import { priorities } from './priority.ts';
import { presenceEvents } from './presence-events.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { redPacketsUnderKills } from './red-packets.ts';
import { restartEmpty, restartWithAof } from './redis-restarts.ts';
import type { Row } from './row.ts';
import { awayConsumer, badListeners, fullRedis } from './service-side.ts';
import { oldMessagesUnderKills, severalDatabasesUnderKills } from './several-databases.ts';
import { severalSessions } from './several-sessions.ts';
import { slowReader } from './slow-reader.ts';
import { slowRequests } from './slow-requests.ts';
import { halfFrames, strangers } from './strangers.ts';
import { topicMembers } from './topics.ts';
import { uplinks } from './uplinks.ts';
import { webhooksUnderKills } from './webhooks.ts';
import { zombie } from './zombie.ts';

/** In the order of the table of faults. */
export const rows: readonly Row[] = [
  deadServer,
  reportedNotAcknowledged,
  dyingSender,
  restartWithAof,
  restartEmpty,
  flushUnderConnections,
  sentinelFailOver,
  clusterFailOver,
  slotMove,
  partition,
  zombie,
  halfOpen,
  slowReader,
  duplicateLogins,
  reusedIds,
  poisonEntry,
  oversize,
  frameFloods,
  strangers,
  halfFrames,
  loginFlood,
  reconnectStorm,
  awayConsumer,
  badListeners,
  fullRedis,
  slowRedis,
  drainRounds,
  distantDrains,
  comingsBack,
  impatientSignals,
  burst,
  burstInMemory,
  lateServer,
  slowRequests,
  guesses,
  longNames,
  registrationCrowd,
  repeatedSends,
  databaseAway,
  crashBeforePush,
  crashBeforeTopic,
  crowdedConversation,
  webhooksUnderKills,
  awayUnderKills,
  campaignsUnderKills,
  redPacketsUnderKills,
  changesUnderKills,
  endToEndUnderKills,
  severalDatabasesUnderKills,
  oldMessagesUnderKills,
  oldInstance,
  pollingReaders,
  presenceEvents,
  uplinks,
  topicMembers,
  keptMessages,
  severalSessions,
  gateways,
  gatewayBurst,
  priorities,
];
