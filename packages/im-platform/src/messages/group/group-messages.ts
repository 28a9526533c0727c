import type { Feature } from '../../feature.ts';
import { GroupStore } from '../../groups/group-store.ts';
import { groupMessageRoutes } from './group-message-routes.ts';
import { GroupMessageService } from './group-message-service.ts';

export const groupMessages: Feature = (app, core) => {
  const {
    database,
    groupLog: log,
    groupMessages: store,
    groupPushes: pushes,
    words,
    messageFiles: files,
  } = core;
  const { logger } = core.options;
  const groups = new GroupStore(database);
  groupMessageRoutes(app, new GroupMessageService({ log, store, groups, pushes, words, files, logger }));
};
