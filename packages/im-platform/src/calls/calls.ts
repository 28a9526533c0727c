import type { Feature } from '../feature.ts';
import { FriendStore } from '../friends/friend-store.ts';
import { callRoutes } from './call-routes.ts';
import { CallService } from './call-service.ts';
import { CallStore } from './call-store.ts';

export const calls: Feature = (app, { options, database, privateLog, privatePushes, im }) => {
  const service = new CallService({
    store: new CallStore(database),
    friends: new FriendStore(database),
    log: privateLog,
    pushes: privatePushes,
    im,
    language: options.language,
  });
  callRoutes(app, service);
};
