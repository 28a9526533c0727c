import type { Server } from 'node:http';
import { Inject, Injectable, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { createMemoryBus, type Bus } from 'im-common/bus';
import { createImServer, type ImServer } from 'im-server';

export const BUS = Symbol('bus');
export const jwtSecret = process.env['JWT_SECRET'] ?? '';

/** The push server, in the same process. When one process is not enough it is a program of its own, on a Redis, and this file goes. */
@Injectable()
export class PushServer implements BeforeApplicationShutdown {
  #server: ImServer | undefined;

  constructor(@Inject(BUS) private readonly bus: Bus) {}

  /** On the port of the application. Resolves with where devices connect. */
  async start(httpServer: Server): Promise<string> {
    this.#server = createImServer({ bus: this.bus, httpServer, jwtSecret });
    await this.#server.start();
    return this.#server.url;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#server?.close();
  }
}

@Module({
  providers: [
    PushServer,
    {
      provide: BUS,
      useFactory: async () => {
        const bus = createMemoryBus();
        await bus.start();
        return bus;
      },
    },
  ],
  exports: [BUS],
})
export class PushModule {}
