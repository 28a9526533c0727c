import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lock, Locker, RequestRelease } from '@tus/server';
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
export class UploadLocks implements Locker {
  readonly #records: BegunUploads;
  /** Held by this process, and how to ask for it back at once. */
  readonly #here = new Map<string, RequestRelease>();

  constructor(records: BegunUploads) {
    this.#records = records;
  }

  newLock(id: string): Lock {
    const holder = randomBytes(16).toString('base64url');
    let renewing: NodeJS.Timeout | undefined;
    return {
      lock: async (signal, requestRelease) => {
        await this.#take({ id, holder }, signal);
        this.#here.set(id, requestRelease);
        renewing = setInterval(() => void this.#renew({ id, holder }, requestRelease), renewMs);
      },
      unlock: async () => {
        clearInterval(renewing);
        this.#here.delete(id);
        // When the database is away the lease ends by itself.
        await this.#records.unlock(id, holder).catch(() => undefined);
      },
    };
  }

  async #take({ id, holder }: Holding, signal: AbortSignal): Promise<void> {
    const until = performance.now() + longestWaitMs;
    while (!(await this.#records.lock(id, holder))) {
      if (!(await this.#records.get(id))) throw new Refusal('uploadUnknown');
      if (signal.aborted || performance.now() > until) throw new Refusal('unavailable', { code: 503 });
      const release = this.#here.get(id);
      if (release) await release();
      else await this.#records.awaitLock(id);
      await sleep(lookMs);
    }
  }

  async #renew({ id, holder }: Holding, requestRelease: RequestRelease): Promise<void> {
    // Not knowing is the same as having lost it.
    const state = await this.#records.renewLock(id, holder).catch(() => 'lost');
    if (state !== 'held') await requestRelease();
  }
}

interface Holding {
  readonly id: string;
  readonly holder: string;
}
