import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMemoryBus } from 'im-common/bus';
import { createGateway } from 'im-gateway';
import { createImServer } from 'im-server';
import { connectDevice, findProgram, freePort, makeToken, onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';

// What examples/gateway shows, as its README says: always in Node, and in each other language that is installed here.

const folder = fileURLToPath(new URL('../examples/gateway/', import.meta.url));
const secret = 'secret-of-at-least-32-bytes-for-tests';
const apiKey = 'only-for-this-example-0123456789';
const webhookSecret = 'whsec_b25seS1mb3ItdGhpcy1leGFtcGxlLTAxMjM0NTY3';

const told = /^queued for terminals \[0\]\nwebhook: user 2, terminal 0: proved\n$/;

const others = [
  ['Python', 'python3', ['python3', 'push.py'], told],
  ['Go', 'go', ['go', 'run', 'push.go'], told],
  ['PHP', 'php', ['php', 'push.php'], told],
  ['curl', 'curl', ['sh', 'push.sh'], /"results":\[\{"id":"2","terminal":0,"code":0,"stage":"proved"\}\]/],
] as const;
const places = await Promise.all(others.map(([, name]) => findProgram(name)));
const installed = others.flatMap(([language, , command, expected], index) => {
  const place = places[index];
  if (place !== undefined) return [{ language, command, expected, place }];
  console.warn(`NOT RUN: the example in ${language}, which is not installed here.`);
  return [];
});

async function runExample([program = '', ...args]: readonly string[], place = ''): Promise<string> {
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  const server = createImServer({ bus, host: '127.0.0.1', port: 0, jwtSecret: secret, drainMs: 0 });
  await server.start();
  onCleanup(() => server.close());
  const port = await freePort();
  const webhookUrl = `http://127.0.0.1:${port}/hooks`;
  const gateway = createGateway({ bus, port: 0, apiKey, webhookUrl, webhookSecret });
  await gateway.start();
  onCleanup(() => gateway.close());
  const device = await connectDevice(server.url);
  await device.login({ token: await makeToken({ userId: 2, terminal: 0, secret }), devId: 1 });

  const child = spawn(program, [...args, '2', 'hello'], {
    cwd: folder,
    env: {
      ...process.env,
      // It may be found where the PATH does not lead.
      PATH: [process.env['PATH'], dirname(place)].join(delimiter),
      IM_GATEWAY_URL: gateway.url,
      IM_GATEWAY_API_KEY: apiKey,
      IM_GATEWAY_WEBHOOK_SECRET: webhookSecret,
      WEBHOOK_PORT: String(port),
    },
  });
  onCleanup(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += String(data)));
  await new Promise((resolve) => child.once('close', resolve));
  expect(await device.next()).toEqual({ cmd: 3, data: { text: 'hello' } });
  return said;
}

test('in Node', async () => {
  expect(await runExample([process.execPath, join(folder, 'push.mjs')])).toMatch(told);
});

test.each(installed)('in $language', async ({ command, expected, place }) => {
  expect(await runExample(command, place)).toMatch(expected);
});
