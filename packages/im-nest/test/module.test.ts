import { Injectable, Module, type ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { ImClient, IMListener, IMListenerType, type ImClientOptions } from 'im-client';
import { createTestIm } from 'im-client/testing';
import { createMemoryBus } from 'im-common/bus';
import { ImModule } from 'im-nest';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';

@Injectable()
class Orders {
  constructor(readonly im: ImClient) {}

  async ship(recvId: number): Promise<void> {
    const message = { sender: { id: 1, terminal: 1 }, recvId, data: 'on its way' };
    await this.im.sendPrivateMessage(message, { signal: AbortSignal.timeout(5_000) });
  }
}

async function memory(): Promise<ImClientOptions> {
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  return { service: 'shop', bus, terminals: [0] };
}

function build(metadata: ModuleMetadata): Promise<TestingModule> {
  return Test.createTestingModule(metadata).compile();
}

test('a module that does not import it is injected the client all the same, by its class', async () => {
  @Module({ providers: [Orders] })
  class OrdersModule {}

  const app = await build({ imports: [OrdersModule, ImModule.forRoot(await memory())] });
  await app.init();

  const orders = app.get(Orders);
  expect(orders.im).toBeInstanceOf(ImClient);
  await orders.ship(2);
  await app.close();
  await expect(orders.ship(2)).rejects.toMatchObject({ code: 'CLOSED' });
});

test('options may come from what another module provides', async () => {
  @Injectable()
  class Configuration {
    readonly options = memory();
  }
  @Module({ providers: [Configuration], exports: [Configuration] })
  class ConfigurationModule {}
  const called: unknown[] = [];

  const app = await build({
    imports: [
      ImModule.forRootAsync({
        imports: [ConfigurationModule],
        inject: [Configuration, { token: 'missing', optional: true }],
        useFactory: (configuration: Configuration, missing: unknown) => {
          called.push(missing);
          return configuration.options;
        },
      }),
    ],
    providers: [Orders],
  });
  await app.init();

  await app.get(Orders).ship(2);
  expect(called).toEqual([undefined]);
  await app.close();
});

test('a factory that fails, or gives what is no option, ends the start with its error', async () => {
  const failing = ImModule.forRootAsync({ useFactory: () => Promise.reject(new Error('no secrets here')) });
  const wrong = ImModule.forRootAsync({ useFactory: async () => ({ ...(await memory()), servce: 'shop' }) });

  await expect(build({ imports: [failing] })).rejects.toThrow('no secrets here');
  await expect(build({ imports: [wrong] })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});

test('an application without its bus does not start', async () => {
  const away = { service: 'shop', redis: 'redis://127.0.0.1:1', sendTimeoutMs: 100 };
  const app = await build({ imports: [ImModule.forRoot(away)] });

  await expect(app.init()).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
});

test('to be imported twice is refused before anything listens', async () => {
  @Module({ imports: [ImModule.forRoot({ ...(await memory()), service: 'other' })] })
  class Feature {}
  const app = await build({ imports: [Feature, ImModule.forRoot(await memory())] });

  await expect(app.init()).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringContaining('imported 2 times') as string,
  });
});

test('with the client overridden its factory is not called, and listeners are at the one of the test', async () => {
  @Injectable()
  @IMListener(IMListenerType.PRIVATE_MESSAGE)
  class Missed {
    readonly users: string[] = [];

    process(results: { readonly receiver: { readonly id: string } }[]): void {
      this.users.push(...results.map(({ receiver }) => receiver.id));
    }
  }
  const im = createTestIm({ terminals: [0] });
  const inProduction = ImModule.forRootAsync({
    useFactory: () => Promise.reject(new Error('no secrets here')),
  });
  const app = await Test.createTestingModule({ imports: [inProduction], providers: [Orders, Missed] })
    .overrideProvider(ImClient)
    .useValue(im.client)
    .compile();
  await app.init();

  await app.get(Orders).ship(3);
  await im.flush();

  expect(app.get(Missed).users).toEqual(['3']);
  await app.close();
  await im.close();
});
