import type { Feature } from '../../feature.ts';
import { privateMessageRoutes } from './private-message-routes.ts';
import { PrivateMessageService } from './private-message-service.ts';

export const privateMessages: Feature = (app, core) => {
  const { privateLog: log, privateMessages: store, privatePushes: pushes, words, messageFiles: files } = core;
  const { logger } = core.options;
  privateMessageRoutes(app, new PrivateMessageService({ log, store, pushes, words, files, logger }));
};
