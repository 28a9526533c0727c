// `npm start -w example-customer-service`: a platform, the desk, and a shop with the widget in its page; Ctrl-C ends all of them.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { databaseIn, scopes, startPlatformHere } from './platform-here.ts';

const folder = process.env['DATA'] ?? './data/customer-service';
const { DESK_PORT: deskPort = '7080', SHOP_PORT: shopPort = '7081' } = process.env;
const { PORT: port = '8888', IM_PORT: imPort = '8878' } = process.env;
const [deskUrl, shopUrl] = [`http://localhost:${deskPort}`, `http://localhost:${shopPort}`];
const platform = await startPlatformHere({ folder, deskUrl, port: Number(port), imPort: Number(imPort) });

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

Object.assign(process.env, {
  ...{ IM_PLATFORM_URL: platform.url, IM_URL: platform.imUrl, IM_SERVER_KEY: keyOf(join(folder, 'key')) },
  ...{ DESK_PORT: deskPort, DESK_URL: deskUrl, DESK_FILE: join(folder, 'desk.json'), SITES: shopUrl },
});
// In earnest a process of its own, which may die.
void import('./desk.ts');
const shop = createServer((_, response) => {
  response.setHeader('content-type', 'text/html');
  response.end(
    `<!doctype html><title>Shop</title><h1>Tea</h1><script src="${deskUrl}/widget.js" type="module"></script>`,
  );
}).listen(Number(shopPort), '127.0.0.1');
console.log(`A shop with the widget: ${shopUrl}`);

async function end(): Promise<void> {
  shop.close();
  await platform.close();
  process.exit();
}
process.once('SIGINT', () => void end());
process.once('SIGTERM', () => void end());
