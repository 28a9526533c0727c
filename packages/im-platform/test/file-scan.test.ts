import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onCleanup } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import type { AuditEntry, PlatformOptions } from '../src/index.ts';
import { filesIn, upload } from './support/files.ts';
import { temporaryFolder } from './support/folders.ts';
import type { Person } from './support/person.ts';
import { RawUploads, verdictOf } from './support/resumable.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

const eicar = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';

/** What clamd does with a line of its own, once what is sent has been read by INSTREAM; see clamd(8). */
type Behaviour = (socket: Socket, content: Buffer) => void;

const honest: Behaviour = (socket, content) => {
  socket.end(content.includes(eicar) ? 'stream: Eicar-Signature FOUND\0' : 'stream: OK\0');
};

/** Speaks the protocol, and nothing else of clamd. */
class Clamd {
  readonly #server: Server;
  /** Hashes of what it was shown as a whole. */
  readonly seen: string[] = [];
  behaviour: Behaviour = honest;
  /** Says so in the midst of more. */
  most = Infinity;

  constructor() {
    this.#server = createServer((socket) => void this.#serve(socket).catch(() => socket.destroy()));
  }

  static async start(at: string | number = 0): Promise<{ clamd: Clamd; address: string }> {
    const clamd = new Clamd();
    await new Promise<void>((resolve) => {
      if (typeof at === 'string') clamd.#server.listen(at, resolve);
      else clamd.#server.listen(at, '127.0.0.1', resolve);
    });
    onCleanup(() => void clamd.#server.close());
    const address =
      typeof at === 'string'
        ? `unix:${at}`
        : `tcp://127.0.0.1:${(clamd.#server.address() as AddressInfo).port}`;
    return { clamd, address };
  }

  async #serve(socket: Socket): Promise<void> {
    socket.on('error', () => undefined);
    let pending = Buffer.alloc(0);
    const content: Buffer[] = [];
    let isBegun = false;
    // What it says comes later.
    const chunks = socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    for await (const chunk of chunks) {
      pending = Buffer.concat([pending, chunk]);
      if (!isBegun && pending.length >= 10) {
        if (pending.toString('latin1', 0, 10) !== 'zINSTREAM\0') return void socket.end('UNKNOWN COMMAND\0');
        isBegun = true;
        pending = pending.subarray(10);
      }
      while (isBegun && pending.length >= 4) {
        const length = pending.readUInt32BE(0);
        if (length === 0) {
          const whole = Buffer.concat(content);
          this.seen.push(createHash('sha256').update(whole).digest('hex'));
          this.behaviour(socket, whole);
          return;
        }
        if (pending.length < 4 + length) break;
        content.push(pending.subarray(4, 4 + length));
        pending = pending.subarray(4 + length);
        if (content.reduce((sum, { length: n }) => sum + n, 0) > this.most)
          return void socket.end('INSTREAM size limit exceeded. ERROR\0');
      }
    }
  }
}

interface Scene {
  readonly test: TestPlatform;
  readonly ann: Person;
  readonly filesDir: string;
  readonly audited: AuditEntry[];
  send(bytes: Buffer | string, at?: { readonly url: string }): Promise<string>;
}

async function start(platform: Partial<PlatformOptions>): Promise<Scene> {
  const filesDir = await temporaryFolder();
  const audited: AuditEntry[] = [];
  const audit = (entry: AuditEntry): void => void audited.push(entry);
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: { filesDir, uploadsPerMinute: 1_000, fileLinks: 'open', audit, ...platform },
  });
  const ann = await test.register('ann');
  return {
    ...{ test, ann, filesDir, audited },
    async send(bytes, at = test) {
      const form = new FormData();
      form.append('file', new Blob([Uint8Array.from(Buffer.from(bytes))]), 'a.bin');
      const headers = { authorization: `Bearer ${ann.tokens.accessToken}` };
      return verdictOf(fetch(`${at.url}/v1/files`, { method: 'POST', headers, body: form }));
    },
  };
}

describe('files that are scanned', () => {
  it('are kept when they are clean, and refused, told of and counted when not, by whichever way they come', async () => {
    const { clamd, address } = await Clamd.start();
    const { test, ann, filesDir, audited, send } = await start({ fileScan: address });
    const clean = randomBytes(300_000);

    expect(await send(clean)).toBe('201');
    expect(clamd.seen).toEqual([createHash('sha256').update(clean).digest('hex')]);
    expect(await send(`before ${eicar} behind`)).toBe('422 FILE_REFUSED');
    const file = { name: 'a.png', bytes: Buffer.from(eicar) };
    expect(await upload(`${test.url}/file/upload`, ann, file)).toMatchObject({
      message: '文件含有病毒，已被拒绝',
    });
    expect(await upload(`${test.url}/image/upload`, ann, file)).toMatchObject({
      message: '文件含有病毒，已被拒绝',
    });
    const uploads = new RawUploads(test, ann);
    const id = await uploads.begun({ size: eicar.length });
    await uploads.patch(id, 0, Buffer.from(eicar));
    expect(await verdictOf(uploads.finish(id))).toBe('422 FILE_REFUSED');
    expect(await verdictOf(uploads.head(id))).toBe('404');

    expect(await filesIn(filesDir)).toHaveLength(1);
    expect(audited.filter(({ event }) => event === 'file-infected')).toEqual(
      Array.from({ length: 4 }, () => ({
        ...{ event: 'file-infected', userId: ann.id, target: 'Eicar-Signature' },
      })),
    );
    const metrics = await (await fetch(`${test.url}/metrics`)).text();
    expect(metrics).toContain('im_platform_file_scans_total{verdict="infected"} 4\n');
    expect(
      await test.platform.database.sql('im_file_usage').where({ userId: ann.id }).first('bytes'),
    ).toEqual({
      bytes: clean.length,
    });
  });

  it('are refused while it is away, slow, broken, or takes none so large', async () => {
    const { clamd, address } = await Clamd.start(join(await temporaryFolder(), 'clamd.ctl'));
    const { test, filesDir, send } = await start({ fileScan: address });
    const trouble: Record<string, Behaviour> = {
      'dies in the midst of its answer': (socket) => socket.end('stream: O'),
      dies: (socket) => socket.destroy(),
      'says something else': (socket) => socket.end('HTTP/1.1 200 OK\0'),
      'never ends': (socket) => void socket.write('x'.repeat(10_000)),
    };
    for (const [name, behaviour] of Object.entries(trouble)) {
      clamd.behaviour = behaviour;
      expect(await send(randomBytes(100)), name).toBe('503 UNAVAILABLE');
    }
    clamd.behaviour = () => undefined;
    const impatient = await test.startAnother({ fileScanTimeoutMs: 300 });
    expect(await send(randomBytes(100), impatient)).toBe('503 UNAVAILABLE');
    // It may come in any pieces.
    clamd.behaviour = (socket) => {
      socket.write('stream: ');
      setTimeout(() => socket.end('OK\0'), 50);
    };
    expect(await send(randomBytes(100))).toBe('201');
    clamd.behaviour = honest;
    clamd.most = 200_000;
    expect(await send(randomBytes(100_000))).toBe('201');
    expect(await send(randomBytes(3_000_000))).toMatch(/^(422 FILE_REFUSED|503 UNAVAILABLE)$/);
    expect(await filesIn(filesDir)).toHaveLength(2);
  });

  it('are kept unscanned where the operator says so, and admins see which', async () => {
    const { test, send } = await start({ fileScan: 'tcp://127.0.0.1:1', fileScanAway: 'accept' });
    expect(await send('hello')).toBe('201');
    expect(await test.platform.database.sql('im_file_info').select('isUnscanned')).toEqual([
      { isUnscanned: 1 },
    ]);
  });
});
