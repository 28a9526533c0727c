import { setTimeout as sleep } from 'node:timers/promises';
import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
} from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { ImError, type ImClient } from 'im-client';
import { findListeners } from './find-listeners.ts';

/** How long listeners may go on with their batch before the HTTP server is closed. When the client is, their signals abort. */
const graceMs = 5_000;

/**
 * Starts and closes the client in the hooks of Nest. Listeners end one hook before the databases that they use, which modules of Nest
 * close in `onApplicationShutdown`; between the two Nest answers the last requests, which may send.
 */
export class ClientLife implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #client: ImClient;
  readonly #discovery: DiscoveryService;
  readonly #unregister: (() => Promise<void>)[] = [];

  constructor(client: ImClient, discovery: DiscoveryService) {
    this.#client = client;
    this.#discovery = discovery;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#refuseSecondModule();
    for (const listener of findListeners(this.#discovery))
      this.#unregister.push(this.#client.register(listener));
    await this.#client.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const ended = Promise.all(this.#unregister.map((unregister) => unregister()));
    await Promise.race([ended, sleep(graceMs, undefined, { ref: false })]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#client.close();
  }

  /** With two clients, Nest would inject one or the other, and each listener would listen at both. */
  #refuseSecondModule(): void {
    const count = this.#discovery.getProviders().filter(({ token }) => token === ClientLife).length;
    if (count === 1) return;
    throw new ImError(
      'INVALID_OPTION',
      `ImModule is imported ${count} times by forRoot() or forRootAsync(). Import it so once, in the root module: it is global, and ImClient can be injected everywhere.`,
    );
  }
}
