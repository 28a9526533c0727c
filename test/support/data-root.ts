import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const memory = '/dev/shm';
const enoughBytes = 8 * 2 ** 30;

/** Where databases of tests lie: in memory where there is plenty of it, as files of a disk take more CPU, and are waited for. */
export function dataRoot(): string {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= enoughBytes ? memory : tmpdir();
  } catch {
    return tmpdir(); // no Linux
  }
}
