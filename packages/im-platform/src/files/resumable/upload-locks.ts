import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lock, RequestRelease } from '@tus/server';
import { Refusal } from '../../http/refusal.ts';
import type { BegunUploads } from './begun-uploads.ts';

const renewMs = 1_000;
const lookMs = 100;
/** Longer than a lease, after which whoever has died has let go. */
const longestWaitMs = 15_000;

/**
 * One request at a time writes to an upload, over all instances: a row of the database says who. Whoever comes next asks the one before
 * to let go, whose line is usually dead; one that has died is waited for until its lease ends.
 */
export class UploadLocks {
  readonly #records: BegunUploads;
  /** Held by this process, and how to ask for it back at once. */
  readonly #here = new Map<string, () => void>();

  constructor(records: BegunUploads) {
    this.#records = records;
  }

  /** Asked for it, whoever holds it lets go when the line that it reads from is silent. */
  newLock(id: string, line?: { silent(): Promise<void> }): Lock {
    const holding = { id, holder: randomBytes(16).toString('base64url') };
    let renewing: NodeJS.Timeout | undefined;
    return {
      lock: async (signal, letGo) => {
        await this.#take(holding, signal);
        let isAsked = false;
        const asked = (): void => {
          if (isAsked) return;
          isAsked = true;
          void (line?.silent() ?? Promise.resolve()).then(letGo);
        };
        this.#here.set(id, asked);
        renewing = setInterval(() => void this.#renew(holding, { asked, lost: letGo }), renewMs);
      },
      unlock: async () => {
        clearInterval(renewing);
        this.#here.delete(id);
        // When the database is away the lease ends by itself.
        await this.#records.unlock(id, holding.holder).catch(() => undefined);
      },
    };
  }

  async #take({ id, holder }: Holding, signal: AbortSignal): Promise<void> {
    const until = performance.now() + longestWaitMs;
    while (!(await this.#records.lock(id, holder))) {
      if (!(await this.#records.get(id))) throw new Refusal('uploadUnknown');
      if (signal.aborted || performance.now() > until) throw new Refusal('unavailable', { code: 503 });
      const ask = this.#here.get(id);
      if (ask) ask();
      else await this.#records.awaitLock(id);
      await sleep(lookMs);
    }
  }

  async #renew({ id, holder }: Holding, { asked, lost }: Ends): Promise<void> {
    // Not knowing is the same as having lost it.
    const state = await this.#records.renewLock(id, holder).catch(() => 'lost');
    if (state === 'awaited') asked();
    else if (state === 'lost') await lost();
  }
}

interface Ends {
  readonly asked: () => void;
  readonly lost: RequestRelease;
}

interface Holding {
  readonly id: string;
  readonly holder: string;
}
