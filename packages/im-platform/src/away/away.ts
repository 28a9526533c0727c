import type { ConversationStates } from '../conversations/conversation-states.ts';
import type { Registry } from 'prom-client';
import type { ReadPositions } from '../conversations/read-positions.ts';
import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { awayApi } from './away-api.ts';
import { AwayService } from './away-service.ts';
import { AwayWatch } from './away-watch.ts';
import { openChannels } from './channels.ts';
import { DueConversations } from './due-conversations.ts';
import { awayMetrics } from './metrics.ts';
import { ReadElsewhere } from './read-elsewhere.ts';
import { Registrations } from './registrations.ts';
import { SettingStore } from './settings.ts';
import { Teller } from './teller.ts';

/** What it takes of the rest. */
export interface AwayNeeds {
  readonly options: ResolvedOptions;
  readonly database: Database;
  readonly im: PlatformIm;
  readonly metrics: Registry;
  readonly conversationStates: ConversationStates;
  readonly readPositions: ReadPositions;
}

/** Tells people of messages while no device of theirs is there. */
export const away: Feature<AwayNeeds> = (
  app,
  { options, database, im, metrics, conversationStates: states, readPositions },
) => {
  const { logger, language, sweepMs: everyMs, awayAfterMs: afterMs } = options;
  const channels = { ...openChannels(options, database), ...options.awayChannels };
  const registrations = new Registrations(database);
  awayApi(app, new AwayService({ database, channels, registrations, settings: new SettingStore(database) }));
  if (Object.keys(channels).length === 0) return undefined;
  const counters = awayMetrics(metrics);
  const teller = new Teller({
    database,
    channels,
    registrations,
    states,
    metrics: counters,
    logger,
    language,
  });
  const readElsewhere = new ReadElsewhere({ database, teller });
  readPositions.onRead((places) => readElsewhere.note(places));
  const end = new AwayWatch({
    ...{ database, im, teller, registrations, readElsewhere, logger, everyMs },
    dues: database.laneDatabases.map((at) => new DueConversations({ at, first: database, afterMs })),
    count: (decision) => counters.decided(decision),
  }).start();
  return async () => {
    teller.close();
    await end();
    for (const channel of Object.values(channels)) await channel.close?.();
  };
};
