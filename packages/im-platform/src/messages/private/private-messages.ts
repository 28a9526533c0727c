import type { Feature } from '../../feature.ts';
import { privateMessageRoutes } from './private-message-routes.ts';
import { PrivateMessageService } from './private-message-service.ts';

export const privateMessages: Feature = (app, { privateLog, words }) => {
  privateMessageRoutes(app, new PrivateMessageService({ log: privateLog, words }));
};
