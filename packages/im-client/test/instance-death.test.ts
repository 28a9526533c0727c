import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { resultList, serviceGroup } from 'im-common/internal/bus';
import { onCleanup, runnable, testRedis } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import type { PrivateResult } from '../src/index.ts';
import { Inbox } from './support/inbox.ts';
import { put } from './support/scripted-server.ts';
import { overBothBuses, redisWorld } from './support/world.ts';

// P-10.13.

const alice = { id: 1, terminal: 0 };

class DoomedClient {
  readonly #process: ChildProcess;
  readonly #lines = new Inbox<string>();

  constructor(url: string, prefix: string, what: string) {
    const args = runnable('packages/im-client/test/fixtures/doomed-client.ts');
    this.#process = fork(args.at(-1) ?? '', [url, prefix, what], {
      execArgv: args.slice(0, -1),
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    createInterface(this.#process.stdout!).on('line', this.#lines.push);
    onCleanup(() => this.#process.kill('SIGKILL'));
  }

  async says(line: string): Promise<void> {
    expect(await this.#lines.next()).toBe(line);
  }

  send(): void {
    this.#process.send('send');
  }

  async kill(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}

describe('an instance that is killed', () => {
  it('loses none of the results that its listeners had in hand', async () => {
    const { url, prefix } = testRedis();
    const world = await redisWorld(url, prefix);
    const doomed = new DoomedClient(url, prefix, 'with-results-in-hand');
    const list = resultList('private', 'shop');
    await put(world.bus, list, javaResult(1), javaResult(2));
    await doomed.says('in hand');

    await doomed.kill();
    const survivor = world.client({ leaseMs: 500 });
    const inbox = new Inbox<PrivateResult>();
    survivor.on('private', inbox.listener);
    await survivor.start();

    expect((await inbox.take(2)).map(({ data }) => data)).toEqual([1, 2]);
    await survivor.close();
    expect(await world.bus.lists.length(list)).toBe(0);
  });

  it('leaves the results of what it sent to the others, those that come later too', async () => {
    const { url, prefix } = testRedis();
    const world = await redisWorld(url, prefix);
    const server = await world.server();
    await server.connect('2');
    const doomed = new DoomedClient(url, prefix, 'sender');
    await doomed.says('listening');
    doomed.send();
    await doomed.says('sent');
    doomed.send();
    await doomed.says('sent');

    await doomed.kill();
    const survivor = world.client({ leaseMs: 500 });
    const inbox = new Inbox<PrivateResult>();
    survivor.on('private', inbox.listener);
    await survivor.start();
    const [first, second] = await server.take('private', 2);
    await server.answer('private', first!);
    expect(await inbox.next()).toMatchObject({ code: 0, messageId: first!.messageId, data: 'last words' });
    await server.answer('private', second!, 'CLOSED_BEFORE_PROOF');

    expect(await inbox.next()).toMatchObject({ code: 2, messageId: second!.messageId });
  });
});

overBothBuses('an instance that the others took for dead', (newWorld) => {
  it('goes on under a new id, and results of what it sent still come', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client({ leaseMs: 300 });
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);
    const message = { sender: alice, recvId: 2, recvTerminals: [0] };
    const before = await im.sendPrivateMessage({ ...message, data: 'before' });
    const [entry] = await server.take('private');
    const id = entry!.serviceName!.split('@')[1]!;

    await world.bus.registry.leave(serviceGroup('shop'), id, id);
    await expect.poll(async () => (await world.bus.registry.view(serviceGroup('shop'))).live).toHaveLength(1);
    const after = await im.sendPrivateMessage({ ...message, data: 'after' });
    const [next] = await server.take('private');

    expect(next!.serviceName).not.toBe(entry!.serviceName);
    await server.answer('private', next!);
    expect(await inbox.next()).toMatchObject({ messageId: after.messageId });
    await server.answer('private', entry!);
    expect(await inbox.next()).toMatchObject({ messageId: before.messageId, code: 0 });
    expect(await before.results()).toMatchObject([{ code: 0 }]);
  });
});

function javaResult(data: number): string {
  return `{"code":0,"data":${data},"receiver":{"id":2,"terminal":0},"sender":{"id":1,"terminal":0}}`;
}
