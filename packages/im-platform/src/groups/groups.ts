import type { Feature } from '../feature.ts';
import { ownPictures } from '../files/own-pictures.ts';
import { GroupNews } from './group-news.ts';
import { groupRoutes } from './group-routes.ts';
import { GroupService } from './group-service.ts';
import { GroupStore } from './group-store.ts';
import { MembershipService } from './membership-service.ts';

export const groups: Feature = (app, { options, database, im, groupLog, groupPushes }) => {
  const store = new GroupStore(database);
  const news = new GroupNews(groupPushes, options.logger);
  groupRoutes(app, {
    groups: new GroupService({ database, groups: store, news, im, checkPicture: ownPictures(options) }),
    memberships: new MembershipService({
      groups: store,
      log: groupLog,
      news,
      mostMembers: options.maxGroupMembers,
      language: options.language,
    }),
  });
};
