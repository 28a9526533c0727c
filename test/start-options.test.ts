import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiClient, unwrap } from 'im-platform/client';
import { onCleanup, runnable } from 'im-test/support';
import { expect, test } from 'vitest';
import { spawnTied, type TiedProcess } from './support/tied-process.ts';

// What `npm start -- …` is asked for beyond the chat.

const repository = fileURLToPath(new URL('..', import.meta.url));

function start(data: string, ...args: string[]): TiedProcess {
  return spawnTied({
    ...{ program: process.execPath, cwd: repository },
    args: [...runnable('start.ts'), '--port', '0', '--im-port', '0', '--data', data, ...args],
  });
}

test('--all has whatever is off, and an admin, who is never there when other machines are let in', async () => {
  const data = await mkdtemp(join(tmpdir(), 'im-test-start-'));
  onCleanup(() => rm(data, { recursive: true, force: true }));

  const all = start(data, '--all');
  await all.printed(/Ann is an admin: /);
  const url = /Open (http:\S+) in two tabs/.exec(all.output)?.[1] ?? '';
  const page = (await (await fetch(`${url}/page.json`)).json()) as Record<string, unknown>;
  expect(page).toMatchObject({ drive: true, endToEnd: true, redPackets: true });
  const api = createApiClient({ url });
  await unwrap(api.POST('/v1/sessions', { body: { userName: 'ann', password: 'demo-1234', device: 'pc' } }));
  expect((await unwrap(api.GET('/v1/admin/campaigns'))).items).toEqual([]);
  all.signal('SIGTERM');
  expect((await all.ended).code).toBe(0);

  // She stays one in that folder.
  const open = start(data, '--host', '0.0.0.0');
  expect((await open.ended).code).toBe(1);
  expect(open.output).toContain(`ann is an admin in ${data}, whose password is public, and --host 0.0.0.0`);
});
