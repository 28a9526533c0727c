import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import { GroupStore } from '../groups/group-store.ts';
import type { GroupMembers } from '../groups/group-members.ts';
import { limiterOfProcess } from '../limits/limiter.ts';
import type { ResolvedOptions } from '../options.ts';
import { PrivacyStore } from '../privacy/privacy-store.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { Activity } from '../sessions/activity.ts';
import type { UserStore } from '../users/user-store.ts';
import { presenceApi } from './presence-api.ts';
import { PresenceNews } from './presence-news.ts';
import { PresenceService } from './presence-service.ts';
import { TypingService } from './typing-service.ts';
import { Watchers } from './watchers.ts';

/** What it takes of the rest. */
export interface PresenceNeeds {
  readonly options: ResolvedOptions;
  readonly database: Database;
  readonly im: PlatformIm;
  readonly users: UserStore;
  readonly members: GroupMembers;
  readonly activity: Activity;
}

/** Who is there, and who is writing something, for those who may know. */
export const presence: Feature<PresenceNeeds> = (
  app,
  { options, database, im, users, members, activity },
) => {
  const watchers = new Watchers(database);
  const news = new PresenceNews({ im, watchers, activity, logger: options.logger });
  presenceApi(app, {
    presence: new PresenceService({
      ...{ database, users, watchers, im, news },
      privacy: new PrivacyStore(database),
    }),
    typing: new TypingService({
      ...{ im, watchers, members, groups: new GroupStore(database) },
      limit: limiterOfProcess({ name: 'typing', times: 1, durationS: 3 }),
    }),
  });
  return () => news.close();
};
