import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dataRoot, onCleanup } from 'im-test/support';

/** Removed when the test ends, or the file. */
export async function temporaryFolder(atTheEnd: typeof onCleanup = onCleanup): Promise<string> {
  const folder = await mkdtemp(join(dataRoot(), 'im-test-platform-'));
  atTheEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
