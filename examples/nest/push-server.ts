// The push server, in the same process: im-server and a bus in memory. Deployed, it is a program of its own, and this file is not there.
import {
  Global,
  Inject,
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { createMemoryBus, type Bus } from 'im-common/bus';
import { createImServer, type ImServer } from 'im-server';

export type { Bus };
export const jwtSecret = 'only-for-this-example';
export const bus = Symbol('bus');

@Injectable()
export class PushServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #server: ImServer;

  constructor(@Inject(bus) bus: Bus) {
    this.#server = createImServer({ bus, host: '127.0.0.1', port: 0, jwtSecret });
  }

  get url(): string {
    return this.#server.url;
  }

  onApplicationBootstrap(): Promise<void> {
    return this.#server.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#server.close();
  }
}

@Global()
@Module({
  providers: [
    {
      provide: bus,
      useFactory: async () => {
        const started = createMemoryBus();
        await started.start();
        return started;
      },
    },
    PushServer,
  ],
  exports: [bus],
})
export class PushModule {}
