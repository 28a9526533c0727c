import type { ConversationStore } from '../conversations/conversation-store.ts';
import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import type { FileLinks } from '../files/file-links.ts';
import type { MessageFiles } from '../files/message-files.ts';
import type { GroupMembers } from '../groups/group-members.ts';
import { GroupStore } from '../groups/group-store.ts';
import type { Outbox } from '../events/outbox.ts';
import { MessagePages } from '../inbox/message-pages.ts';
import { Places } from '../inbox/place.ts';
import type { MessageHook } from '../message-hook/message-hook.ts';
import { LaneChanges } from '../message-log/lane-changes.ts';
import type { ResolvedOptions } from '../options.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { ChangeNews } from './change-news.ts';
import { changesApi } from './changes-api.ts';
import { Deletions } from './deletions.ts';
import { Edits } from './edits.ts';
import { MessageChanges } from './message-changes.ts';
import { Pins } from './pins.ts';
import { Reactions } from './reactions.ts';

/** What it takes of the rest. */
export interface ChangeNeeds {
  readonly options: Pick<ResolvedOptions, 'logger' | 'editWindowS' | 'maxTextLength'>;
  readonly database: Database;
  readonly im: PlatformIm;
  readonly members: GroupMembers;
  readonly conversations: ConversationStore;
  readonly words: SensitiveWords;
  readonly messageHook: MessageHook | undefined;
  readonly outbox: Outbox;
  readonly messageFiles: MessageFiles;
  readonly fileLinks: FileLinks;
}

/** What people make of messages after they were sent: edited, reacted to, pinned, deleted for themselves. */
export const messageChanges: Feature<ChangeNeeds> = (app, needs) => {
  const { options, database, im, members, conversations, words, messageFiles: files } = needs;
  const { logger, editWindowS, maxTextLength } = options;
  const pages = new MessagePages(database, needs.fileLinks.v1);
  const places = new Places({ database, conversations });
  const groups = new GroupStore(database);
  const news = new ChangeNews({ database, im, members, pages, links: needs.fileLinks.v1, logger });
  const lanes = new LaneChanges(database);
  const changes = new MessageChanges({ places, pages, groups, lanes, database, news });
  const windowMs = editWindowS * 1_000;
  changesApi(app, {
    edits: new Edits({
      ...{ database, groups, changes, words, files, windowMs, maxTextLength },
      ...{ hook: needs.messageHook, outbox: needs.outbox },
    }),
    reactions: new Reactions(database, changes),
    pins: new Pins({ database, places, pages, changes }),
    deletions: new Deletions({ database, places, im, logger }),
  });
  return () => news.close();
};
