import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Database } from '../db/database.ts';
import type { PrivateMessageLog } from '../messages/private/private-log.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { PrivateEvents } from '../push/private-events.ts';
import { callApi } from './call-api.ts';
import { callRoutes } from './call-routes.ts';
import { CallService } from './call-service.ts';
import { CallStore } from './call-store.ts';

/** What it takes of the rest. */
export interface CallNeeds {
  readonly options: Pick<ResolvedOptions, 'language' | 'iceServers'>;
  readonly database: Database;
  readonly privateLog: PrivateMessageLog;
  readonly privateEvents: PrivateEvents;
  readonly im: PlatformIm;
}

export const calls: Feature<CallNeeds> = (app, { options, database, privateLog, privateEvents, im }) => {
  const service = new CallService({
    store: new CallStore(database),
    database,
    log: privateLog,
    events: privateEvents,
    im,
    language: options.language,
  });
  callRoutes(app, service);
  callApi(app, { calls: service, iceServers: options.iceServers });
};
