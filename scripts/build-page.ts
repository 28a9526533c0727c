// The page that im-platform serves at `/`, beside its compiled sources, so that it is published with them. Fails when what is
// loaded at first has grown too large.
import { bundlePage, copyPage } from './bundle-page.ts';
import { manyGzippedBytesOfPage, maxGzippedBytesOfPage, weighPage } from './weigh-page.ts';

const folder = await bundlePage();
const files = await weighPage(folder);
const gzippedBytes = files.reduce((sum, file) => sum + file.gzippedBytes, 0);
for (const file of files) console.log(`im-web: ${file.gzippedBytes} ${file.name}`);
console.log(`im-web: ${gzippedBytes} bytes gzipped at first load, in ${files.length} files`);
if (gzippedBytes > maxGzippedBytesOfPage) {
  console.error(`im-web: it has more than ${maxGzippedBytesOfPage} bytes gzipped`);
  process.exitCode = 1;
} else if (gzippedBytes > manyGzippedBytesOfPage)
  console.warn(`im-web: ${maxGzippedBytesOfPage} is the most`);
await copyPage(folder, 'packages/im-platform/dist/page');
