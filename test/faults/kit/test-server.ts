import { onCleanup, testRedis, type TestRedis } from '../../support/index.ts';
import { ImServerProgram } from './im-server.ts';

/** An im-server in a process of its own that ends with the test, in a corner of the tests' Redis. */
export interface TestServer {
  readonly program: ImServerProgram;
  readonly url: string;
  readonly at: TestRedis;
  /** All that it has logged: whole lines of stdout, and what little there is on stderr. */
  logs(): string;
}

export async function startTestServer(
  flags: readonly string[] = [],
  at: TestRedis = testRedis(),
): Promise<TestServer> {
  const program = await ImServerProgram.start({
    redisUrl: at.url,
    flags: [...(at.prefix === '' ? [] : ['--key-prefix', at.prefix]), ...flags],
  });
  onCleanup(() => program.kill());
  const first = program.output;
  const lines: string[] = [];
  program.onLine((line) => lines.push(line));
  return { program, url: program.url, at, logs: () => [first, ...lines, program.output].join('\n') };
}
