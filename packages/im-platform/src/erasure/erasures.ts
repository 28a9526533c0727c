import type { Logger } from 'im-common';
import { toTime } from '../api/values.ts';
import { isUnavailable, type Database } from '../db/database.ts';
import { databaseOf } from '../db/errors-of.ts';
import { LaneMoved } from '../db/lane-fences.ts';
import type { Outbox } from '../events/outbox.ts';
import type { Ending } from '../feature.ts';
import { regularly } from '../regularly.ts';
import type { ArchivedWords } from './archived-words.ts';
import { HeldUp, TakenOver } from './erasure.ts';
import type { ErasureJob, ErasureStore } from './erasure-store.ts';
import { databasesInTheWay, hindrancesOf } from './hindrances.ts';
import type { WhatTheyLeft } from './what-they-left.ts';
import type { WhatTheySaid } from './what-they-said.ts';

export interface ErasuresDeps {
  readonly database: Pick<Database, 'sql' | 'isOneOfSeveral' | 'laneDatabases' | 'of'>;
  readonly store: Pick<ErasureStore, 'claim'>;
  readonly said: Pick<WhatTheySaid, 'erase'>;
  readonly archived: Pick<ArchivedWords, 'erase'>;
  /** Whether the platform was told where archives are. */
  readonly knowsArchives: boolean;
  readonly left: Pick<WhatTheyLeft, 'erase'>;
  readonly outbox: Pick<Outbox, 'store'>;
  readonly logger: Logger;
  /** How often it is looked whether there is something to do. */
  readonly everyMs: number;
}

/** How often it is looked whether what is to be kept for now is so no longer. */
const waitsMs = 60_000;

/** Erases people, one after the other, and goes on with what another instance has begun and not ended. */
export class Erasures {
  readonly #deps: ErasuresDeps;

  constructor(deps: ErasuresDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { everyMs, logger } = this.#deps;
    const failure = 'somebody is not erased yet; it is tried again';
    return regularly({ everyMs, logger, failure }, (closing) => this.#eraseAll(closing));
  }

  async #eraseAll(closing: AbortSignal): Promise<void> {
    for (;;) {
      const job = closing.aborted ? undefined : await this.#deps.store.claim();
      if (!job) return;
      await this.#erase(job).catch(async (error: unknown) => {
        if (error instanceof HeldUp || isOfAnotherDatabase(error)) await job.wait(waitsMs);
        else if (!(error instanceof TakenOver)) throw error;
      });
    }
  }

  async #erase(job: ErasureJob): Promise<void> {
    const { database, said, archived, left, outbox } = this.#deps;
    const hindrances = await hindrancesOf(database, job.userId, this.#deps.knowsArchives);
    if (Object.values(hindrances).some(({ length }) => length > 0)) throw new HeldUp();
    await job.noteAll(database);
    await said.erase(job);
    await archived.erase(job);
    await left.erase(job);
    // A lane that has moved meanwhile may have left something where it was.
    if (database.isOneOfSeveral && (await databasesInTheWay(database, job.userId)).length > 0)
      throw new HeldUp();
    const userId = String(job.userId);
    await job.finish(async (sql) => {
      // One that was written meanwhile, or is: it is done again.
      const archive: unknown =
        (await sql('im_archive_person').where({ userId: job.userId }).first('name')) ??
        (await sql('im_archive').where({ state: 'writing' }).first('name'));
      if (archive !== undefined) throw new HeldUp();
      const time = Date.now();
      const event = { subject: `user:${userId}`, time, userIds: [job.userId] };
      return outbox.store(sql, [{ ...event, type: 'user.erased', data: { userId, erasedAt: toTime(time) } }]);
    });
  }
}

/** It went away meanwhile, or a lane moves: it is gone on with when it is back. */
function isOfAnotherDatabase(error: unknown): boolean {
  return error instanceof LaneMoved || (isUnavailable(error) && databaseOf(error) !== undefined);
}
