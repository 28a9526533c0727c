import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runnable } from '../../support/program-files.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Does what `im-platform` does with these words. Resolves with what it says; rejects when it fails or is killed. */
export async function platformCommand(
  args: readonly string[],
  nodeFlags: readonly string[] = [],
): Promise<string> {
  const env = { PATH: process.env['PATH'], NODE_ENV: 'test' };
  const program = [...nodeFlags, ...runnable('packages/im-platform/src/main.ts'), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: root, env });
  return stdout;
}

/** Whether it rejected as it was killed by SIGKILL. */
export function isKilled(error: unknown): boolean {
  return (error as { readonly signal?: unknown }).signal === 'SIGKILL';
}
