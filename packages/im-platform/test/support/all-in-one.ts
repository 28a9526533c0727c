import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { freePort, onCleanup } from 'im-test/support';
import { startProgram, type RunningProgram } from './program.ts';

/** What `npm start` needs: ports and a folder of their own. */
export interface Place {
  readonly url: string;
  readonly imPort: number;
  /** Starts all in one, again and again with the same ports and data. */
  start(...more: string[]): Promise<RunningProgram>;
  readonly data: string;
  readonly args: readonly string[];
}

export async function place(): Promise<Place> {
  const data = await mkdtemp(join(tmpdir(), 'im-test-start-'));
  onCleanup(() => rm(data, { recursive: true, force: true }));
  const [port, imPort] = [await freePort(), await freePort()];
  // Relative, as the usual one is.
  const args = ['--port', String(port), '--im-port', String(imPort), '--data', relative('', data)];
  return {
    url: `http://localhost:${port}`,
    imPort,
    data,
    args,
    async start(...more) {
      const program = startProgram([...args, ...more], { script: '../../start.ts' });
      await program.line(/Ctrl-C ends/);
      return program;
    },
  };
}
