import type { Bus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Database } from '../db/database.ts';
import type { Outbox } from '../events/outbox.ts';
import type { FileLinks } from '../files/file-links.ts';
import type { FileRecords } from '../files/file-records.ts';
import type { GroupEvents } from '../push/group-events.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { ownPictures } from '../files/own-pictures.ts';
import { PrivacyStore } from '../privacy/privacy-store.ts';
import type { GroupBeginnings } from './group-beginnings.ts';
import { GroupNews } from './group-news.ts';
import { groupApi } from './group-api.ts';
import { groupRoutes } from './group-routes.ts';
import { GroupService } from './group-service.ts';
import { GroupStore } from './group-store.ts';
import type { GroupTopics } from './group-topics.ts';
import { limitersOn, type Limiter } from '../limits/limiter.ts';
import { JoinNews } from './join-news.ts';
import { JoinRequestStore } from './join-request-store.ts';
import { joiningApi } from './joining-api.ts';
import { JoiningService } from './joining-service.ts';
import { LinkStore } from './link-store.ts';
import { MembershipService, type TipLog } from './membership-service.ts';
import { roleApi } from './role-api.ts';
import { RoleService } from './role-service.ts';

interface GroupServices {
  readonly memberships: MembershipService;
  readonly joining: JoiningService;
  readonly groups: GroupService;
  readonly roles: RoleService;
}

/** Links that led nowhere, of one user in an hour. */
const mostGuesses = 100;

/** What it takes of the rest. */
export interface GroupNeeds {
  readonly options: ResolvedOptions;
  readonly bus: Bus;
  readonly database: Database;
  readonly im: PlatformIm;
  readonly groupLog: TipLog;
  readonly groupBeginnings: GroupBeginnings;
  readonly groupTopics: GroupTopics;
  readonly groupEvents: GroupEvents;
  readonly outbox: Outbox;
  readonly words: SensitiveWords;
  readonly fileLinks: FileLinks;
  readonly fileRecords: FileRecords;
}

/** As other features make them that have to do with groups, too. */
export function groupServicesOf(needs: GroupNeeds): GroupServices {
  const { options, database, im, groupLog, groupTopics, groupEvents, outbox } = needs;
  const store = new GroupStore(database);
  const news = new GroupNews(groupEvents, options.logger);
  const createLimiter = limitersOn(redisOf(needs.bus));
  const hourly = (name: string, times = options.invitationsPerHour): Limiter =>
    createLimiter({ name, times, durationS: 3_600 });
  const memberships = new MembershipService({
    ...{ groups: store, log: groupLog, news, topics: groupTopics, outbox, language: options.language },
    invitations: hourly('invitations'),
    mostMembers: options.maxGroupMembers,
  });
  return {
    memberships,
    joining: new JoiningService({
      ...{ database, groups: store, memberships, words: needs.words },
      ...{ links: new LinkStore(database), requests: new JoinRequestStore(database) },
      news: new JoinNews(im, options.logger),
      limits: {
        links: hourly('links'),
        joins: hourly('joins'),
        guesses: hourly('link-guesses', mostGuesses),
      },
    }),
    groups: new GroupService({
      ...{ database, groups: store, news, im, outbox, beginnings: needs.groupBeginnings },
      acceptPicture: ownPictures({ options, links: needs.fileLinks, records: needs.fileRecords }),
      privacy: new PrivacyStore(database),
    }),
    roles: new RoleService({ groups: store, log: groupLog, language: options.language }),
  };
}

export const groups: Feature<GroupNeeds> = (app, needs) => {
  const services = groupServicesOf(needs);
  groupRoutes(app, services);
  groupApi(app, services);
  roleApi(app, services.roles);
  joiningApi(app, services.joining);
};
