import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runnable } from 'im-test/support';
import { expect, test } from 'vitest';

// The examples run, and do what they say.

const root = fileURLToPath(new URL('../', import.meta.url));

async function run(file: string, ...more: string[]): Promise<string> {
  const args = [...runnable(file), ...more];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 30_000 });
  return stdout;
}

test('presence: a service knows who is online, and asks for all at once', async () => {
  const said = await run('examples/presence/presence.ts');

  expect(said).toMatch(/came: user 1 on terminal 0, online\n(.*\n)*went: user 1 on terminal 0, offline\n/);
  expect(said).toMatch(/there: user 2 on terminal 0, at server \d+\nonline: 1\n/);
});

test('offline notifications: they wait, come with the login, and their end is told', async () => {
  const said = await run('examples/offline-notifications/offline-notifications.ts');

  expect(said).toMatch(/backend: KEPT for \[ \{ id: '2', terminal: 0 \} \]\n/);
  expect(said).toMatch(
    /device: your order is on its way \(kept\)\n(.*\n)*device: it has arrived \(kept\)\n(.*\n)*device: \{ price: 8 \} \(kept\)\n/,
  );
  expect(said).not.toContain('device: { price: 7 }');
  expect(said).toContain('backend: {"price":7}: REPLACED\n');
});

test('request-reply: a device asks a service, and a service asks a device', async () => {
  expect(await run('examples/request-reply/request-reply.ts')).toBe(
    [
      'reply: { items: 2 }',
      'refused: DeviceError: there is nothing to add',
      'the device says: "how are you"? I am fine',
      '',
    ].join('\n'),
  );
});

test('foreign wire: clients of another protocol, on the same server', async () => {
  const said = (await run('examples/foreign-wire/foreign-wire.ts')).trimEnd().split('\n');

  expect(said.toSorted()).toEqual(
    [
      'Ann hears: {"type":2,"body":null}',
      'Bob hears: {"type":2,"body":null}',
      'Ann hears: {"type":11,"body":{"seq":1}}',
      'Bob hears: {"type":10,"body":{"from":1,"text":"hello"}}',
    ].toSorted(),
  );
});

test('rooms: people come and go, and a message reaches who is there', async () => {
  const said = (await run('examples/rooms/rooms.ts')).trimEnd().split('\n');

  expect(said.toSorted()).toEqual(
    [
      '3 of room-7 are here',
      'Bob hears: hello',
      'Cleo hears: hello',
      '"hello": 2 devices, proved',
      'Ann hears: is Cleo gone?',
      '"is Cleo gone?": 1 devices, proved',
    ].toSorted(),
  );
});

// From its source: it is compiled with the decorators of old.
test('nest: who was told, and who was not', async () => {
  const args = ['--conditions=im-source', '--import', 'tsx', 'main.ts'];
  // Its tsconfig.json is found from there.
  const options = { cwd: `${root}examples/nest`, timeout: 80_000 };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);

  expect(stdout.trimEnd().split('\n').toSorted()).toEqual(
    [
      'device: {"cmd":3,"data":{"order":"7"}}',
      'order 7/ship?to=2: told',
      'user 3 on terminal 0 was not told of order 8: NOT_ONLINE',
      'order 8/ship?to=3: NOT_ONLINE',
    ].toSorted(),
  );
});

test.each(['express', 'fastify'])('%s: who was told, and who was not', async (name) => {
  const said = (await run(`examples/${name}/${name}.ts`)).trimEnd().split('\n');

  expect(said.toSorted()).toEqual(
    [
      "device: { order: '7' }",
      'order 7/ship?to=2: told',
      'user 3 was not told: NOT_ONLINE',
      'order 8/ship?to=3: NOT_ONLINE',
    ].toSorted(),
  );
});

test('tiny chat: two people hear each other, each message once', async () => {
  const said = (await run('examples/tiny-chat/tiny-chat.ts', '--demo')).split('\n');

  const heardBy = (name: string): string[] => said.filter((line) => line.startsWith(`${name} hears: `));
  const all = ['1 Ann: hello?', '2 Bob: hello Ann', '3 Ann: there you are'];
  expect(heardBy('Ann')).toEqual(all.map((line) => `Ann hears: ${line}`));
  expect(heardBy('Bob')).toEqual(all.map((line) => `Bob hears: ${line}`));
  expect(said).toContain('In the lobby: Ann and Bob');
  expect(said).toContain('Ann sees: Bob came');
  expect(said).toContain('Ann sees: Bob typing');
  expect(said).toContain('Bob is told: DeviceError: You are not in the room.');
  expect(said).not.toContain('Bob sees: Bob typing');
});
