import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanup } from 'im-test/support';

/** Removed when the test ends, or the file. */
export async function temporaryFolder(atTheEnd: typeof onCleanup = onCleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-platform-'));
  atTheEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
