import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import type { Registration } from './registration.ts';

export interface RegistrationsDeps {
  readonly create: (onDeclaredDead: () => void) => Registration;
  /** All that was this server's may be somebody else's by now. Called while the old id is still known. */
  readonly onLost: () => void;
  readonly logger: Logger;
}

const retryMs = 1_000;

/** This server's registrations, one after another: when the others have declared it dead, it takes a new id. */
export class Registrations {
  readonly #deps: RegistrationsDeps;
  #current: Registration | undefined;
  /** Under way: a new registration instead of one that is over. */
  #replacing: Promise<void> | undefined;
  readonly #stopping = new AbortController();

  constructor(deps: RegistrationsDeps) {
    this.#deps = deps;
  }

  /** Undefined while the server has no id. */
  get current(): Registration | undefined {
    return this.#current;
  }

  /** 0 while the server has none. */
  get serverId(): number {
    return this.#current?.serverId ?? 0;
  }

  /** Aborts when no new id is taken any more. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  knows(serverId: number): boolean {
    return this.#current?.membership.knows(String(serverId)) ?? false;
  }

  /** The others cannot have declared this server dead, as far as the bus can be asked. */
  isOwner(): boolean | Promise<boolean> {
    return this.#current?.membership.isOwner() ?? false;
  }

  /** Resolves when it is known whether this server still owns what it took; undefined while that is certain. */
  whenOwner(): Promise<boolean> | undefined {
    const membership = this.#current?.membership;
    if (membership?.isValid) return undefined;
    if (!membership) return Promise.resolve(false);
    return membership.whenCertain().then(() => membership.isValid);
  }

  async start(): Promise<void> {
    const registration = this.#deps.create(() => {
      this.#startAgain(registration);
    });
    this.#current = registration;
    try {
      await registration.start();
    } catch (error) {
      this.#current = undefined;
      throw error;
    }
  }

  /** Takes no new id any more. Resolves when none is being taken. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#replacing;
  }

  #startAgain(old: Registration): void {
    const { logger, onLost } = this.#deps;
    logger.error(
      { server: old.serverId },
      'the others have declared this server dead; its devices are closed and it starts again under a new id',
    );
    onLost();
    this.#current = undefined;
    this.#replacing = this.#replace(old);
  }

  async #replace(old: Registration): Promise<void> {
    await old.end();
    while (!this.stopping.aborted) {
      try {
        await this.start();
        return;
      } catch (error) {
        this.#deps.logger.warn({ err: error }, 'no new server id yet; it is tried again');
        await sleep(retryMs, undefined, { signal: this.stopping }).catch(() => undefined);
      }
    }
  }
}
