import {
  Controller,
  Injectable,
  Post,
  type BeforeApplicationShutdown,
  type INestApplication,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ImClient, IMListener, IMListenerType } from 'im-client';
import { createMemoryBus } from 'im-common/bus';
import { ImModule } from 'im-nest';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';

/** What a test waits for, and lets go. */
class Gate {
  readonly passed: Promise<void>;
  open!: () => void;

  constructor() {
    this.passed = new Promise((resolve) => (this.open = resolve));
  }
}

@Injectable()
class Story implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly told: string[] = [];
  readonly called = new Gate();
  readonly mayEnd = new Gate();
  readonly asked = new Gate();
  readonly maySend = new Gate();
  readonly shuttingDown = new Gate();

  beforeApplicationShutdown(): void {
    this.shuttingDown.open();
  }

  onApplicationShutdown(): void {
    this.told.push('the database is closed');
  }
}

@Injectable()
@IMListener(IMListenerType.PRIVATE_MESSAGE)
class Slow {
  constructor(private readonly story: Story) {}

  async process(results: readonly { readonly data: unknown }[]): Promise<void> {
    this.story.called.open();
    await this.story.mayEnd.passed;
    this.story.told.push(...results.map(({ data }) => `written: ${String(data)}`));
  }
}

@Controller()
class Page {
  constructor(
    private readonly story: Story,
    private readonly im: ImClient,
  ) {}

  @Post()
  async send(): Promise<string> {
    this.story.asked.open();
    await this.story.maySend.passed;
    const receipt = await this.im.sendPrivateMessage(to2('late'));
    return (await receipt.results()).map(({ reason }) => reason).join();
  }
}

function to2(data: string) {
  return { sender: { id: 1, terminal: 1 }, recvId: 2, recvTerminals: [0], data };
}

async function start(): Promise<{ readonly app: INestApplication; readonly story: Story }> {
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  const parts = await Test.createTestingModule({
    imports: [ImModule.forRoot({ service: 'shop', bus })],
    controllers: [Page],
    providers: [Story, Slow],
  }).compile();
  const app = parts.createNestApplication();
  await app.listen(0, '127.0.0.1');
  onCleanup(() => app.close());
  return { app, story: app.get(Story) };
}

test('a batch under way ends before the database of its listener, and a request under way may still send', async () => {
  const { app, story } = await start();
  const im = app.get(ImClient);
  await im.sendPrivateMessage(to2('early'));
  await story.called.passed;
  const answer = fetch(await app.getUrl(), { method: 'POST' });
  await story.asked.passed;

  const closed = app.close();
  await story.shuttingDown.passed;
  story.mayEnd.open();
  story.maySend.open();

  expect(await (await answer).text()).toBe('NOT_ONLINE');
  await closed;
  expect(story.told).toEqual(['written: early', 'the database is closed']);
  await expect(im.isOnline(2)).rejects.toMatchObject({ code: 'CLOSED' });
});

test('a listener that hangs does not hold up the end', async () => {
  const { app, story } = await start();
  await app.get(ImClient).sendPrivateMessage(to2('early'));
  await story.called.passed;

  await app.close();

  expect(story.told).toEqual(['the database is closed']);
});
