import type { Bus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Database } from '../db/database.ts';
import type { GroupEvents } from '../push/group-events.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { ownPictures } from '../files/own-pictures.ts';
import { PrivacyStore } from '../privacy/privacy-store.ts';
import { GroupNews } from './group-news.ts';
import { groupApi } from './group-api.ts';
import { groupRoutes } from './group-routes.ts';
import { GroupService } from './group-service.ts';
import { GroupStore } from './group-store.ts';
import type { GroupTopics } from './group-topics.ts';
import { limitersOn } from '../limits/limiter.ts';
import { MembershipService, type TipLog } from './membership-service.ts';
import { roleApi } from './role-api.ts';
import { RoleService } from './role-service.ts';

/** What it takes of the rest. */
export interface GroupNeeds {
  readonly options: ResolvedOptions;
  readonly bus: Bus;
  readonly database: Database;
  readonly im: PlatformIm;
  readonly groupLog: TipLog;
  readonly groupTopics: GroupTopics;
  readonly groupEvents: GroupEvents;
}

export const groups: Feature<GroupNeeds> = (app, needs) => {
  const { options, database, im, groupLog, groupTopics, groupEvents } = needs;
  const store = new GroupStore(database);
  const news = new GroupNews(groupEvents, options.logger);
  const services = {
    groups: new GroupService({
      ...{ database, groups: store, news, im, checkPicture: ownPictures(options) },
      privacy: new PrivacyStore(database),
    }),
    roles: new RoleService({ groups: store, log: groupLog, language: options.language }),
    memberships: new MembershipService({
      groups: store,
      log: groupLog,
      news,
      topics: groupTopics,
      invitations: limitersOn(redisOf(needs.bus))({
        name: 'invitations',
        times: options.invitationsPerHour,
        durationS: 3_600,
      }),
      mostMembers: options.maxGroupMembers,
      language: options.language,
    }),
  };
  groupRoutes(app, services);
  groupApi(app, services);
  roleApi(app, services.roles);
};
