// `npm start -w example-customer-service`: a platform, the desk, and a shop with the widget in its page; Ctrl-C ends all of them.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { databaseIn, scopes, startPlatformHere } from './platform-here.ts';

const folder = process.env['DATA'] ?? './data/customer-service';
const [deskUrl, shopUrl] = ['http://localhost:7080', 'http://localhost:7081'];
const platform = await startPlatformHere({ folder, deskUrl, port: 8888, imPort: 8878 });

/** Made once, and shown once. */
function keyOf(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const program = fileURLToPath(new URL('../../packages/im-platform/src/main.ts', import.meta.url));
  const options = ['--database', databaseIn(folder), '--name', 'desk', '--scopes', scopes];
  const args = [...process.execArgv, program, 'key', 'create', ...options];
  const key = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

const desk = spawn(
  process.execPath,
  [...process.execArgv, fileURLToPath(new URL('desk.ts', import.meta.url))],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...{ IM_PLATFORM_URL: platform.url, IM_URL: platform.imUrl, IM_SERVER_KEY: keyOf(join(folder, 'key')) },
      ...{ DESK_URL: deskUrl, DESK_FILE: join(folder, 'desk.json'), SITES: shopUrl },
    },
  },
);
const shop = createServer((_, response) => {
  response.setHeader('content-type', 'text/html');
  response.end(
    `<!doctype html><title>Shop</title><h1>Tea</h1><script src="${deskUrl}/widget.js" type="module"></script>`,
  );
}).listen(7081, '127.0.0.1');
console.log(`A shop with the widget: ${shopUrl}`);

async function end(): Promise<void> {
  desk.kill();
  shop.close();
  await platform.close();
}
process.once('SIGINT', () => void end());
process.once('SIGTERM', () => void end());
