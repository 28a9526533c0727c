import type { Logger } from 'im-common';
import { toTime } from '../api/values.ts';
import type { Database, Sql } from '../db/database.ts';
import type { Ending } from '../feature.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { regularly } from '../regularly.ts';
import { MessageType } from '../wire/message-type.ts';
import type { DriveNode } from './node.ts';
import { placeFor } from './rights.ts';

export const actions = [
  ...(['added', 'changed', 'renamed', 'moved-in', 'moved-out', 'trashed', 'restored'] as const),
  'shared',
] as const;
export type Action = (typeof actions)[number];

export interface NewActivity {
  /** Who looks at it is told. */
  readonly folderId: number;
  readonly node: Pick<DriveNode, 'id' | 'name'>;
  readonly action: Action;
}

/** What somebody has done in a folder. */
export interface Activity {
  readonly id: number;
  readonly folderId: number;
  readonly nodeId: number;
  readonly actorId: number;
  readonly action: Action;
  /** What the thing was called then. */
  readonly name: string;
  readonly time: number;
}

export interface ActivityDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly im: Pick<PlatformIm, 'sendSystemMessage'>;
  readonly logger: Logger;
  readonly everyMs: number;
}

/** Whoever looks at a folder says so again before that. */
export const watchedForS = 180;
const mostWatchers = 200;
const keptMs = 90 * 86_400_000;
/** Of older ones a page hears when it looks again. */
const expiresInMs = 30_000;
const rowsAtOnce = 1_000;

/** What happens in folders: written down with it, and told to those who look at the folder now, if they still may. */
export class Activities {
  readonly #deps: ActivityDeps;

  constructor(deps: ActivityDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { everyMs, logger } = this.#deps;
    const failure = 'old activity of drives could not be removed; the next round does it';
    return regularly({ everyMs, logger, failure }, () => this.#sweep());
  }

  async add(
    sql: Sql,
    noted: readonly NewActivity[],
    { ownerId, userId: actorId }: { readonly ownerId: number; readonly userId: number },
  ): Promise<Activity[]> {
    const added: Activity[] = [];
    for (const { folderId, node, action } of noted) {
      const row = { folderId, nodeId: node.id, actorId, action, name: node.name, time: Date.now() };
      const [id = 0] = await sql('im_drive_activity').insert({ ...row, ownerId });
      added.push({ ...row, id });
    }
    return added;
  }

  /** After the commit. What is not told is seen when a page looks again. */
  async tell(news: readonly Activity[]): Promise<void> {
    for (const activity of news)
      await this.#tell(activity).catch((error: unknown) =>
        this.#deps.logger.warn({ err: error }, 'those who look at a folder were not told'),
      );
  }

  async watch(userId: number, folderId: number): Promise<void> {
    await this.#deps.database
      .sql('im_drive_watcher')
      .insert({ folderId, userId, endTime: Date.now() + watchedForS * 1_000 })
      .onConflict(['folderId', 'userId'])
      .merge(['endTime']);
  }

  /** The newest first. */
  list(folderId: number, beforeId: number, limit: number): Promise<Activity[]> {
    return this.#deps.database
      .sql('im_drive_activity')
      .where({ folderId })
      .where('id', '<', beforeId)
      .orderBy('id', 'desc')
      .limit(limit)
      .select<Activity[]>('id', 'folderId', 'nodeId', 'actorId', 'action', 'name', 'time');
  }

  async #tell(activity: Activity): Promise<void> {
    const { database, im } = this.#deps;
    const { sql } = database;
    const watchers = await sql('im_drive_watcher')
      .where({ folderId: activity.folderId })
      .where('endTime', '>', Date.now())
      .limit(mostWatchers)
      .select<{ userId: number }[]>('userId');
    const recvIds: number[] = [];
    for (const { userId } of watchers)
      if (await placeFor(sql, userId, activity.folderId)) recvIds.push(userId);
    if (recvIds.length === 0) return;
    await im.sendSystemMessage({
      ...{ recvIds, sendResult: false, expiresInMs },
      data: { type: MessageType.CHANGED, drive: showActivity(activity) },
    });
  }

  async #sweep(): Promise<void> {
    const { sql } = this.#deps.database;
    await sql('im_drive_watcher').where('endTime', '<', Date.now()).delete();
    for (;;) {
      const old = await sql('im_drive_activity')
        .where('time', '<', Date.now() - keptMs)
        .limit(rowsAtOnce)
        .select<{ id: number }[]>('id');
      const ids = old.map(({ id }) => id);
      if (ids.length > 0) await sql('im_drive_activity').whereIn('id', ids).delete();
      if (ids.length < rowsAtOnce) return;
    }
  }
}

export function showActivity({ id, folderId, nodeId, actorId, action, name, time }: Activity) {
  return {
    ...{ id: String(id), folderId: String(folderId), nodeId: String(nodeId), actorId: String(actorId) },
    ...{ action, name, time: toTime(time) },
  };
}
