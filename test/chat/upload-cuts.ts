import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { onCleanup } from 'im-test/support';
import { Random } from '../faults/kit/random.ts';
import { inPage, openBrowser, openPage, pageFolder } from './support/site.ts';
import { password, startWorld, until } from './support/world.ts';

export interface UploadReport {
  readonly cuts: number;
  readonly reloads: number;
  /** Through the line, what was sent twice included. */
  readonly sentMegabytes: number;
  readonly seconds: number;
  /** Of this process: the platform, the push server, and the line. */
  readonly cpuSeconds: number;
  /** By how much it grew at most. */
  readonly grownMegabytes: number;
  /** Progress as the page was told of it rises, but after cuts. */
  readonly steps: number;
  readonly isWhole: boolean;
}

/** A browser sends a file over a line that is cut every few megabytes, and reloads its page in the middle. */
export async function runUploadCuts({
  megabytes,
  seed,
}: {
  readonly megabytes: number;
  readonly seed: number;
}): Promise<UploadReport> {
  const world = await startWorld({ page: { folder: await pageFolder('page.ts') } });
  const line = await shortLine(() => world.url, new Random(seed), megabytes);
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  const atBob = (await world.signIn('bob')).conversation(id);
  const page = await openPage(await openBrowser(), line.url);
  const enter = (): Promise<void> =>
    inPage(page, (window, [imUrl, word]) => window.begin('ann', word, imUrl), [
      world.imUrl,
      password,
    ] as const);
  await enter();

  const [before, cpuBefore, rssBefore] = [performance.now(), process.cpuUsage(), process.memoryUsage.rss()];
  let most = rssBefore;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50);
  const { sha256, steps } = await inPage(
    page,
    async ({ chat }, [conversationId, size]) => {
      const parts = Array.from({ length: size * 16 }, () => crypto.getRandomValues(new Uint8Array(65_536)));
      const file = new Blob(parts);
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
      const conversation = chat.conversation(conversationId);
      const seen = new Set<number>();
      const half = new Promise<void>((resolve) => {
        conversation.subscribe(() => {
          const { progress = 0, number } = conversation.get().messages.at(-1) ?? {};
          seen.add(progress);
          if (progress > 0.4 || number !== undefined) resolve();
        });
      });
      conversation.send({ type: 'local-file', as: 'file', file, name: `${size} MB.bin` });
      await chat.stored();
      await half;
      const sha256 = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return { sha256, steps: seen.size };
    },
    [id, megabytes] as const,
  );
  await page.reload();
  await enter();
  const { messages } = await until(atBob, (view) => view.messages.at(-1)?.content.type === 'file');
  clearInterval(timer);
  const { user, system } = process.cpuUsage(cpuBefore);
  const seconds = (performance.now() - before) / 1_000;

  const content = messages.at(-1)?.content;
  const hash = createHash('sha256');
  const url = content && 'url' in content ? (content.url ?? '') : '';
  for await (const chunk of (await fetch(url)).body ?? []) hash.update(chunk as Uint8Array);
  return {
    ...{ cuts: line.cuts, reloads: 1, steps, isWhole: hash.digest('hex') === sha256 },
    sentMegabytes: tenths(line.bytes / 2 ** 20),
    seconds: tenths(seconds),
    cpuSeconds: tenths((user + system) / 1e6),
    grownMegabytes: tenths((most - rssBefore) / 2 ** 20),
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

interface ShortLine {
  readonly url: string;
  readonly cuts: number;
  readonly bytes: number;
}

/** Each connection lets some megabytes through, and is reset wherever that is. */
async function shortLine(target: () => string, random: Random, megabytes: number): Promise<ShortLine> {
  const counts = { cuts: 0, bytes: 0 };
  // So many cuts, whatever the size.
  const most = (megabytes * 2 ** 20) / 8;
  const server = createServer((near) => {
    const far = connect(Number(new URL(target()).port), '127.0.0.1');
    let left = random.between(most / 4, most);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => undefined); // 'close' follows
      // What was sent has arrived: a network that goes takes nothing back.
      socket.on('close', () => other.destroySoon());
    }
    far.pipe(near);
    near.on('data', (bytes: Buffer) => {
      const piece = bytes.subarray(0, left);
      counts.bytes += piece.length;
      left -= piece.length;
      if (!far.write(piece)) {
        near.pause();
        far.once('drain', () => near.resume());
      }
      if (left > 0) return;
      counts.cuts += 1;
      near.resetAndDestroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanup(() => {
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get cuts() {
      return counts.cuts;
    },
    get bytes() {
      return counts.bytes;
    },
  };
}
