import { SystemNotices } from '../broadcasts/system-notices.ts';
import type { Feature } from '../feature.ts';
import { GroupStore } from '../groups/group-store.ts';
import { inboxServiceOf, type InboxNeeds } from '../inbox/inbox.ts';
import type { ResolvedOptions } from '../options.ts';
import type { UserStore } from '../users/user-store.ts';
import { scheduledApi } from './scheduled-api.ts';
import { ScheduledSender } from './scheduled-sender.ts';
import { ScheduledMessages } from './scheduled-service.ts';
import { ScheduledStore } from './scheduled-store.ts';

/** What it takes of the rest. */
export type ScheduledNeeds = InboxNeeds & {
  readonly options: Pick<ResolvedOptions, 'sweepMs'>;
  readonly users: UserStore;
};

/** Messages that are sent later. */
export const scheduledMessages: Feature<ScheduledNeeds> = (app, needs) => {
  const { database, users, privateLog, privateEvents: events } = needs;
  const { language, logger, sweepMs: everyMs } = needs.options;
  const store = new ScheduledStore(database);
  const inbox = inboxServiceOf(needs);
  const notices = new SystemNotices({ privateLog, events, language });
  const sender = new ScheduledSender({ store, users, inbox, notices, language, logger, everyMs });
  const groups = new GroupStore(database);
  scheduledApi(
    app,
    new ScheduledMessages({ database, store, sender, users, groups, inbox }),
    needs.fileLinks.v1,
  );
  return sender.start();
};
