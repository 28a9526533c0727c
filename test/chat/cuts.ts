import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, onCleanup } from 'im-test/support';
import type { Page } from 'playwright-core';
import { Random } from '../faults/kit/random.ts';
import { differencesOf } from './support/same-on-all.ts';
import { inPage, openBrowser, openPage, pageFolder } from './support/site.ts';
import { password, startWorld } from './support/world.ts';

export interface CutsOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Restarts of the platform and the push server. @default 0 */
  readonly restarts?: number;
}

export interface CutsReport {
  readonly written: number;
  readonly seen: number;
  readonly cuts: number;
  readonly reloads: number;
  readonly restarts: number;
  /** Edits, reactions, pins and recalls. */
  readonly changes: number;
  /** What does not hold. */
  readonly problems: readonly string[];
}

interface Writer {
  readonly name: string;
  readonly page: Page;
}

/** Two browsers write to each other, and change what they said in a group, while their connections are cut and silenced, their pages reload, and servers restart. */
export async function runCuts({ seconds, seed, restarts = 0 }: CutsOptions): Promise<CutsReport> {
  const random = new Random(seed);
  const [httpPort, wsPort] = [await freePort(), await freePort()];
  const imUrl = `ws://127.0.0.1:${wsPort}/im`;
  const world = await startWorld({ page: { folder: await pageFolder('page.ts') }, imUrl });
  const [http, ws] = [await cutter(httpPort, () => world.url), await cutter(wsPort, () => world.imUrl)];
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  const group = await world.group(['ann', 'bob']);

  const writers: Writer[] = [];
  const enter = ({ name, page }: Writer): Promise<void> =>
    inPage(page, (window, [who, word, to]) => window.begin(who, word, to), [name, password, imUrl] as const);
  const write = ({ name, page }: Writer): Promise<void> =>
    inPage(
      page,
      (window, [to, changed, who]) => {
        window.write(to, who);
        window.change(changed);
      },
      [id, group, name] as const,
    );
  // A page of another host without TLS, as in a network of one's own, has no locks, no randomUUID, …
  for (const [name, host] of [
    ['ann', '127.0.0.1'],
    ['bob', 'lan.test'],
  ] as const) {
    const writer = { name, page: await openPage(await openBrowser(), `http://${host}:${httpPort}/`) };
    writers.push(writer);
    await enter(writer);
    await inPage(
      writer.page,
      ({ chat }, to) => {
        for (let index = 0; index < 12; index++) chat.conversation(to).send(`first ${index}`);
      },
      group,
    );
    await write(writer);
  }

  const counts = { cuts: 0, reloads: 0, restarts: 0 };
  const steps = Math.max(4, Math.round(seconds / 0.7));
  for (let step = 1; step <= steps; step += 1) {
    await sleep((seconds / steps) * 1_000 * (0.5 + random.next()));
    const line = random.pick([http, ws]);
    // Each kind comes in a short round, too.
    switch (step % 4) {
      case 0: {
        const writer = random.pick(writers);
        await writer.page.reload();
        await enter(writer);
        await write(writer);
        counts.reloads += 1;
        break;
      }
      case 1:
        await line.silence(random.between(100, 600));
        counts.cuts += 1;
        break;
      default:
        line.cut();
        counts.cuts += 1;
    }
    if (counts.restarts < restarts && step >= ((counts.restarts + 1) * steps) / (restarts + 1)) {
      await world.restart();
      counts.restarts += 1;
    }
  }

  for (const { page } of writers) await inPage(page, (window) => window.stopWriting());
  // All of them before the first one is read: what one has not sent the other cannot show.
  for (const { page } of writers) await inPage(page, (window) => window.settled());
  const seen = [];
  for (const { page } of writers) seen.push(await readAll(page, id));
  const written = [];
  let changes = 0;
  for (const { name, page } of writers) {
    written.push(await inPage(page, (window, who) => window.written(who), name));
    changes += await inPage(page, (window) => window.changes());
  }
  const device = (await world.signIn('ann', {}, 'app')).conversation(group);
  device.pins.subscribe(() => undefined);
  const pages = writers.map(({ page }) => page);
  return {
    ...{ ...counts, changes, written: written.flat().length, seen: seen[0]?.length ?? 0 },
    problems: [...judge(written, seen), ...(await differencesOf(group, pages, device))],
  };
}

/** All that was said, as the page shows it when one scrolls up to the beginning. */
async function readAll(page: Page, id: string): Promise<string[]> {
  return inPage(
    page,
    async ({ chat }, conversationId) => {
      const conversation = chat.conversation(conversationId);
      await conversation.refresh();
      // A chat holds a thousand of them at once, and drops those below as one reads above.
      const texts = new Map<number, string>();
      for (;;) {
        const { messages, hasEarlier } = conversation.get();
        for (const { number = 0, content } of messages)
          texts.set(number, 'text' in content ? content.text : content.type);
        if (!hasEarlier) break;
        await conversation.loadEarlier();
      }
      return [...texts].sort(([one], [other]) => one - other).map(([, text]) => text);
    },
    id,
  );
}

function judge(written: readonly (readonly string[])[], seen: readonly (readonly string[])[]): string[] {
  const [atAnn = [], atBob = []] = seen;
  const problems: string[] = [];
  if (atAnn.join('\n') !== atBob.join('\n'))
    problems.push(`not the same on both: ${differences(atAnn, atBob)}`);
  const times = new Map<string, number>();
  for (const text of atAnn) times.set(text, (times.get(text) ?? 0) + 1);
  for (const [text, count] of times) if (count > 1) problems.push(`${count} times: ${text}`);
  for (const [which, texts] of written.entries()) {
    if (texts.length === 0) problems.push(`nothing was written in browser ${which + 1}`);
    const places = texts.map((text) => atAnn.indexOf(text));
    for (const [index, place] of places.entries()) {
      if (place < 0) problems.push(`lost: ${texts[index] ?? ''}`);
      else if (index > 0 && place < (places[index - 1] ?? 0))
        problems.push(`out of order: ${texts[index] ?? ''}`);
    }
  }
  return problems;
}

function differences(one: readonly string[], other: readonly string[]): string {
  const at = one.findIndex((text, index) => text !== other[index]);
  return `at ${at} of ${one.length} and ${other.length}: ${one[at] ?? 'nothing'} and ${other[at] ?? 'nothing'}`;
}

interface Cutter {
  cut(): void;
  /** Nothing comes through for so long; what was sent then comes after it. */
  silence(ms: number): Promise<void>;
}

/** A line on a port of its own to wherever something is at that time. */
async function cutter(port: number, target: () => string): Promise<Cutter> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(new URL(target()).port), '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined); // 'close' follows
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  if ((server.address() as AddressInfo).port !== port) throw new Error(`The port ${port} is taken.`);
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onCleanup(() => {
    server.close();
    cut();
  });
  return {
    cut,
    async silence(ms) {
      const silenced = [...sockets];
      for (const socket of silenced) socket.unpipe().pause();
      await sleep(ms);
      // Bytes that were on their way are lost with the connection, as on a network that goes.
      for (const socket of silenced) socket.destroy();
    },
  };
}
