import {
  Controller,
  Global,
  Inject,
  Injectable,
  Module,
  Scope,
  type LoggerService,
  type ModuleMetadata,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { ImClient, IMListener, IMListenerType, OnResult, type ImResult, type PrivateResult } from 'im-client';
import { createTestIm, type TestIm } from 'im-client/testing';
import { createMemoryBus } from 'im-common/bus';
import { ImModule } from 'im-nest';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';

@Injectable()
class Notes {
  readonly lines: string[] = [];
}

@Global()
@Module({ providers: [Notes], exports: [Notes] })
class NotesModule {}

@Injectable()
@IMListener(IMListenerType.PRIVATE_MESSAGE)
class Missed {
  constructor(private readonly notes: Notes) {}

  process(results: PrivateResult[]): void {
    for (const { receiver } of results) this.notes.lines.push(`missed by ${receiver.id}`);
  }
}

/** What stands between Nest and its log in tests. */
class Log implements LoggerService {
  readonly warnings: string[] = [];
  readonly errors: string[] = [];
  log(): void {}
  warn(line: string, context: string): void {
    this.warnings.push(`${context}: ${line}`);
  }
  error(line: string, context: string): void {
    this.errors.push(`${context}: ${line}`);
  }
}

interface World {
  readonly im: TestIm;
  readonly log: Log;
  readonly notes: readonly string[];
  send(): Promise<void>;
}

const anyModule = ImModule.forRoot({ service: 'shop', redis: 'redis://not.used' });

/** The application of these providers, with a client for tests. */
async function start({ imports = [], ...metadata }: ModuleMetadata): Promise<World> {
  const im = createTestIm({ terminals: [0], retryDelaysMs: [] });
  onCleanup(() => im.close());
  const log = new Log();
  const parts = { ...metadata, imports: [anyModule, NotesModule, ...imports] };
  const app = await Test.createTestingModule(parts)
    .setLogger(log)
    .overrideProvider(ImClient)
    .useValue(im.client)
    .compile();
  await app.init();
  onCleanup(() => app.close());
  const send = async (): Promise<void> => {
    await im.client.sendPrivateMessage({ sender: { id: 1, terminal: 1 }, recvId: 2, data: 'hello' });
    await im.flush();
  };
  return { im, log, notes: app.get(Notes).lines, send };
}

test('providers and controllers listen, each once, whatever their module and however many names they have', async () => {
  @Controller()
  class Page {
    constructor(private readonly notes: Notes) {}

    @OnResult(IMListenerType.ALL)
    onAny(results: ImResult[]): void {
      this.notes.lines.push(...results.map(({ kind }) => `${kind} on the page`));
    }
  }
  @Module({
    providers: [Missed, { provide: 'alias', useExisting: Missed }, { provide: 'none', useValue: null }],
  })
  class Feature {}

  const world = await start({ imports: [Feature], controllers: [Page] });
  await world.send();

  expect(world.notes.toSorted()).toEqual(['missed by 2', 'private on the page']);
  expect(world.log.warnings).toEqual([]);
});

test('a listener that two modules provide is two, and a warning says so', async () => {
  @Module({ providers: [Missed] })
  class Feature {}

  const { log } = await start({ imports: [Feature], providers: [Missed] });

  expect(log.warnings).toEqual([
    expect.stringMatching(/^Im: Missed\d* is a provider of \w+ and of \w+, so there are two of it/),
  ]);
});

@Injectable({ scope: Scope.REQUEST })
@IMListener(IMListenerType.PRIVATE_MESSAGE)
class OfRequest {
  process(): void {}
}

@Injectable()
class OfSomethingOfRequest {
  constructor(@Inject(REQUEST) readonly request: unknown) {}

  @OnResult(IMListenerType.PRIVATE_MESSAGE)
  onPrivate(): void {}
}

@Injectable({ scope: Scope.TRANSIENT })
@IMListener(IMListenerType.PRIVATE_MESSAGE)
class Transient {
  process(): void {}
}

// The compilers of tests put a number behind some names.
test.each([
  ['request-scoped', OfRequest, /^OfRequest\d* listens to results, and is request-scoped, or depends on/],
  [
    'of something request-scoped',
    OfSomethingOfRequest,
    /^OfSomethingOfRequest\d* listens to results, and is request/,
  ],
  ['transient', Transient, /^Transient\d* listens to results, and is transient/],
])('one that is %s is refused, as there is no one instance', async (_, listener, why) => {
  await expect(start({ providers: [listener] })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringMatching(why) as string,
  });
});

test('a listener that throws does not keep results from others, and Nest logs why', async () => {
  @Injectable()
  @IMListener(IMListenerType.PRIVATE_MESSAGE)
  class Throwing {
    process(): void {
      throw new Error('the database is away');
    }
  }
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  const log = new Log();
  const app = await Test.createTestingModule({
    imports: [ImModule.forRoot({ service: 'shop', bus, retryDelaysMs: [] }), NotesModule],
    providers: [Throwing, Missed],
  })
    .setLogger(log)
    .compile();
  onCleanup(() => app.close());
  await app.init();
  const im = app.get(ImClient);
  const isPutAway = new Promise((resolve) => im.events.once('deadLetter', resolve));

  await im.sendPrivateMessage({ sender: { id: 1, terminal: 1 }, recvId: 2, recvTerminals: [0], data: 1 });
  await isPutAway;

  expect(log.warnings).toEqual([
    expect.stringMatching(
      /^Im: A listener failed \{ listener: 'Throwing\d*', attempt: 1 \}\nError: the database is away\n/,
    ),
  ]);
  expect(log.errors).toHaveLength(1);
  expect(app.get(Notes).lines).toEqual(['missed by 2']);
});
