import type { Feature } from '../feature.ts';
import { friendRoutes } from './friend-routes.ts';
import { FriendService } from './friend-service.ts';
import { FriendStore } from './friend-store.ts';

export const friends: Feature = (app, { options, database, privateLog, privatePushes }) => {
  friendRoutes(
    app,
    new FriendService({
      friends: new FriendStore(database),
      log: privateLog,
      pushes: privatePushes,
      language: options.language,
    }),
  );
};
