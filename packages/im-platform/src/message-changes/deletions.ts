import type { Logger } from 'im-common';
import { laneOf } from '../db/lanes.ts';
import { lift } from '../conversations/places.ts';
import type { Database } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import type { Places } from '../inbox/place.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { awaitPushes } from '../push/await-pushes.ts';
import { MessageType } from '../wire/message-type.ts';

export interface DeletionDeps {
  readonly database: Pick<Database, 'of'>;
  readonly places: Pick<Places, 'find'>;
  readonly im: Pick<PlatformIm, 'sendSystemMessage'>;
  readonly logger: Logger;
}

/** Messages that somebody deletes for themselves: on all their devices, and for nobody else. */
export class Deletions {
  readonly #deps: DeletionDeps;

  constructor(deps: DeletionDeps) {
    this.#deps = deps;
  }

  /** Those of them that they may see. What was deleted before stays so. */
  async delete({ userId }: Caller, id: string, numbers: readonly number[]): Promise<void> {
    const { database, places, im, logger } = this.#deps;
    const { conversation, first, last } = await places.find(userId, id);
    const wanted = [...new Set(numbers)].filter((number) => number >= first && number <= last);
    if (wanted.length === 0) return;
    const key = { userId, conversation: conversation.id };
    await database.of(conversation.id).changeIn([laneOf(conversation.id)], async (sql) => {
      // Of two that delete at the same moment the second one waits here, and finds what the first one has.
      const stamp = await lift(sql, userId, conversation.id);
      await sql('im_message_deleted')
        .insert(wanted.map((number) => ({ ...key, number, stamp })))
        .onConflict(['userId', 'conversation', 'number'])
        .ignore();
    });
    const deleted = { conversationId: conversation.id, numbers: wanted };
    const data = { type: MessageType.MESSAGE_CHANGED, deleted };
    await awaitPushes(
      [im.sendSystemMessage({ recvIds: [userId], sendResult: false, data }).then(() => undefined)],
      logger,
    );
  }
}
