// im-device for users: the bundle beside the declarations that `tsc -b` wrote. Fails when it has grown too large, or when
// a declaration would send users to a package that they do not have.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bundleDevice, bundleDevicePart, deviceParts, maxGzippedBytes } from './bundle-device.ts';

const dist = 'packages/im-device/dist';
const { code, gzippedBytes } = await bundleDevice();
await writeFile(`${dist}/im-device.js`, code);

const problems: string[] = [];
if (gzippedBytes > maxGzippedBytes) problems.push(`it has more than ${maxGzippedBytes} bytes gzipped`);
for (const part of deviceParts) {
  const { code, gzippedBytes } = await bundleDevicePart(part);
  await writeFile(`${dist}/im-device-${part}.js`, code);
  console.log(`im-device/${part}: ${code.length} bytes, ${gzippedBytes} gzipped`);
}
for (const file of await readdir(dist, { recursive: true })) {
  if (!file.endsWith('.d.ts')) continue;
  const imported = /from ['"]([^.'"][^'"]*)['"]/.exec(await readFile(`${dist}/${file}`, 'utf8'))?.[1];
  // Who loads im-device/vue has Vue.
  if (imported !== undefined && imported !== dirname(file)) problems.push(`${file} needs ${imported}`);
}
console.log(`im-device: ${code.length} bytes, ${gzippedBytes} gzipped`);
for (const problem of problems) console.error(`im-device: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
