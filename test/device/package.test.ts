import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { bundleDevice, maxGzippedBytes } from '../../scripts/bundle-device.ts';
import { push, startIm, tokenOf } from './support/devices.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test("the first example in im-device's README has 10 lines, and runs", async () => {
  const readme = await readFile(`${root}packages/im-device/README.md`, 'utf8');
  const example = /```ts\n([^]*?)```/.exec(readme)?.[1] ?? '';
  expect(example.trimEnd().split('\n')).toHaveLength(10);

  const im = await startIm();
  // What the example finds in its page: somewhere to connect to, a backend that gives tokens, and a WebSocket.
  const program = [
    `import { WebSocket } from 'ws';`,
    `globalThis.WebSocket = class extends WebSocket { constructor() { super(${JSON.stringify(im.server.url)}); } };`,
    `globalThis.fetch = async () => new Response(${JSON.stringify(await tokenOf(2))});`,
    example,
  ].join('\n');
  const folder = await mkdtemp(`${root}node_modules/.im-device-readme-`);
  onCleanup(() => rm(folder, { recursive: true }));
  await writeFile(`${folder}/example.ts`, program);
  const running = promisify(execFile)(
    process.execPath,
    ['--conditions=im-source', '--import', 'tsx', `${folder}/example.ts`],
    { cwd: root, timeout: 40_000 },
  );
  await expect
    .poll(() => push(im, { text: 'hello' }), { timeout: 30_000, interval: 200 })
    .toBe('acknowledged');
  await im.client.forceLogout(2); // and with it, it is done
  const { stdout } = await running;
  expect(stdout.split('\n').slice(0, 3)).toEqual(['connecting', 'online', `private { text: 'hello' }`]);
  expect(stdout).toContain('put out: ended');
});

test(`im-device is one file of at most ${maxGzippedBytes} bytes gzipped, that imports nothing`, async () => {
  const { code, gzippedBytes } = await bundleDevice();
  console.log(`im-device: ${code.length} bytes, ${gzippedBytes} gzipped`);
  expect(gzippedBytes).toBeLessThanOrEqual(maxGzippedBytes);
  expect(Buffer.from(code).toString()).not.toMatch(/\bimport\b/);
});
