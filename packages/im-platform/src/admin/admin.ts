import type { Bus } from 'im-common/bus';
import { Trail } from '../admins/trail.ts';
import { banServiceOf, type BanNeeds } from '../bans/bans.ts';
import { BroadcastStore } from '../broadcasts/broadcast-store.ts';
import { Broadcasts } from '../broadcasts/broadcasts.ts';
import { SystemNotices } from '../broadcasts/system-notices.ts';
import { Readers } from '../conversations/readers.ts';
import type { Feature } from '../feature.ts';
import { filesUrlPath } from '../files/file-key.ts';
import type { FileLinks } from '../files/file-links.ts';
import type { FileRecords } from '../files/file-records.ts';
import type { FileStore } from '../files/file-store.ts';
import type { FileUsage } from '../files/file-usage.ts';
import { publicUrlOf } from '../http/public-url.ts';
import type { PrivateMessageLog } from '../messages/private/private-log.ts';
import type { ResolvedOptions } from '../options.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { PrivateEvents } from '../push/private-events.ts';
import type { PushOutcomes } from '../push/push-outcomes.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { OwnSessions } from '../sessions/own-sessions.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import { broadcastApi } from './broadcast-api.ts';
import { fileAdminApi } from './file-admin-api.ts';
import { FileAdmin } from './file-admin.ts';
import { groupAdminApi } from './group-admin-api.ts';
import { GroupAdmin } from './group-admin.ts';
import { messageAdminApi } from './message-admin-api.ts';
import { MessageStories } from './message-stories.ts';
import { operationApi } from './operation-api.ts';
import { reportAdminApi } from './report-admin-api.ts';
import { trailApi } from './trail-api.ts';
import { userAdminApi } from './user-admin-api.ts';
import { UserAdmin } from './user-admin.ts';
import { wordAdminApi } from './word-admin-api.ts';

/** What it takes of the rest. */
export interface AdminNeeds extends Omit<BanNeeds, 'im' | 'options'> {
  readonly options: ResolvedOptions;
  readonly bus: Bus;
  readonly im: PlatformIm;
  readonly sessionStore: SessionStore;
  readonly words: SensitiveWords;
  readonly fileRecords: FileRecords;
  readonly fileStore: FileStore;
  readonly fileUsage: FileUsage;
  readonly fileLinks: FileLinks;
  readonly privateLog: PrivateMessageLog;
  readonly privateEvents: PrivateEvents;
  readonly pushOutcomes: PushOutcomes;
}

/** What those do who run the platform, at `/v1/admin` (decision 081). */
export const admin: Feature<AdminNeeds> = (app, needs) => {
  const { options, bus, database, im, sessions, words, audit, fileLinks } = needs;
  const { language, logger } = options;
  const bans = banServiceOf(needs);
  const deps = { database, trail: new Trail(database) };
  groupAdminApi(app, deps, { groups: new GroupAdmin(database), bans });
  reportAdminApi(app, deps);
  wordAdminApi(app, deps, words);
  trailApi(app, deps);
  const ownSessions = new OwnSessions({ database, store: needs.sessionStore, sessions, audit });
  userAdminApi(app, deps, new UserAdmin({ database, sessions, ownSessions, bans, audit, im, language }));
  messageAdminApi(
    app,
    deps,
    new MessageStories({
      ...{ database, readers: new Readers(database), outcomes: needs.pushOutcomes, links: fileLinks.v1 },
    }),
  );
  fileAdminApi(app, deps, {
    files: new FileAdmin({
      database,
      records: needs.fileRecords,
      store: needs.fileStore,
      usage: needs.fileUsage,
    }),
    urlOf: (path) => fileLinks.v1.of(`${publicUrlOf(app.server, options)}${filesUrlPath}${path}`, ''),
  });
  operationApi(app, deps, { bus, hits: app.limitHits });
  const store = new BroadcastStore(database);
  const notices = new SystemNotices({ privateLog: needs.privateLog, events: needs.privateEvents, language });
  const broadcasts = new Broadcasts({ database, store, notices, im, logger });
  broadcastApi(app, deps, { broadcasts, store });
  broadcasts.start();
  return () => broadcasts.close();
};
