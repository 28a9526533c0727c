// im-chat for users: its files beside the declarations that `tsc -b` wrote, and in them the client of the platform, so that
// nobody installs a platform to write a page (decision 046). Fails when it has grown too large.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { bundleChat, clientDeclarations, maxGzippedBytesOfChat, weighChat } from './bundle-chat.ts';

const dist = 'packages/im-chat/dist';
for (const { name, code } of await bundleChat()) await writeFile(`${dist}/${name}`, code);

await mkdir(`${dist}/client`, { recursive: true });
for (const [name, text] of await clientDeclarations()) await writeFile(`${dist}/client/${name}`, text);
for (const file of await readdir(dist, { recursive: true })) {
  if (!file.endsWith('.d.ts') || file.startsWith('client/')) continue;
  const text = await readFile(`${dist}/${file}`, 'utf8');
  const toClient = relative(dirname(file), 'client/index.js');
  const ours = text.replaceAll(
    `'im-platform/client'`,
    `'${toClient.startsWith('.') ? toClient : `./${toClient}`}'`,
  );
  if (ours !== text) await writeFile(`${dist}/${file}`, ours);
}

const gzippedBytes = await weighChat();
console.log(`im-chat: ${gzippedBytes} bytes gzipped, with im-device and without idb`);
if (gzippedBytes > maxGzippedBytesOfChat) {
  console.error(`im-chat: it has more than ${maxGzippedBytesOfChat} bytes gzipped`);
  process.exitCode = 1;
}
