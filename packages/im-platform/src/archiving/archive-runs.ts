import type { Logger } from 'im-common';
import { isUnavailable, openDatabase, type Database, type NamedDatabase } from '../db/database.ts';
import { LaneMoved } from '../db/lane-fences.ts';
import type { Ending } from '../feature.ts';
import { regularly } from '../regularly.ts';
import type { ArchivePlace } from './archive.ts';
import { ownedForMs, type ArchiveRunStore, type OwnRun } from './archive-run-store.ts';
import { Archiver, type ArchivedDatabase } from './archiver.ts';
import { bringBackArchive } from './import-archive.ts';

export interface ArchiveRunsDeps {
  readonly database: ArchivedDatabase & Pick<Database, 'sealing' | 'url'>;
  readonly laneDatabases: readonly NamedDatabase[];
  readonly place: ArchivePlace;
  readonly store: ArchiveRunStore;
  readonly logger: Logger;
  /** How often it is looked whether there is something to do. */
  readonly everyMs: number;
}

/** Does what admins order of archives, one after the other; goes on with what another instance has begun and not ended. */
export class ArchiveRuns {
  readonly #deps: ArchiveRunsDeps;

  constructor(deps: ArchiveRunsDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { everyMs, logger } = this.#deps;
    const failure = 'an archive run was broken off; an instance goes on with it soon';
    return regularly({ everyMs, logger, failure }, async (closing) => {
      const own = await this.#deps.store.claim();
      if (own) await this.#carryOut(own, closing);
    });
  }

  async #carryOut(own: OwnRun, closing: AbortSignal): Promise<void> {
    const { store } = this.#deps;
    const taken = new AbortController();
    const keeping = setInterval(() => {
      // One that fails is made up for by the next.
      store.keep(own).then(
        (isMine) => {
          if (!isMine) taken.abort();
        },
        () => undefined,
      );
    }, ownedForMs / 4);
    try {
      await this.#do(own, AbortSignal.any([closing, taken.signal]));
      await store.finish(own, null);
    } catch (error) {
      if (closing.aborted) await store.release(own);
      else if (!taken.signal.aborted) {
        if (isUnavailable(error) || error instanceof LaneMoved) throw error;
        this.#deps.logger.error({ err: error, run: own.run.id }, 'an archive run has failed');
        await store.finish(own, error instanceof Error ? error.message : String(error));
      }
    } finally {
      clearInterval(keeping);
    }
  }

  async #do(own: OwnRun, signal: AbortSignal): Promise<void> {
    const { database, laneDatabases, place, store } = this.#deps;
    const { url } = database;
    // What is encrypted stays so in a file: it is read as it lies in the database.
    const asItLies = database.sealing ? openDatabase({ url, laneDatabases, poolSize: 3 }) : undefined;
    try {
      await asItLies?.findLanes();
      const at = asItLies ?? database;
      const { what, about, ...before } = own.run;
      if (what === 'import') {
        const { messages, missing } = await bringBackArchive(at, place, about, signal);
        await store.note(own, { messages, missing });
        return;
      }
      let { archives } = before;
      const archiver = new Archiver(at, place);
      const note = () => store.note(own, { archives, messages: before.messages + archiver.removed });
      await archiver.run(
        Date.parse(`${about}-01T00:00:00Z`),
        async () => {
          archives += 1;
          await note();
        },
        signal,
      );
      await note();
    } finally {
      await asItLies?.close();
    }
  }
}
