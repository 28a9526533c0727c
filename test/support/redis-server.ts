import { startRedisProcess, type RedisProcessOptions, type RedisServer } from './redis-process.ts';

export interface RedisServerOptions extends Pick<RedisProcessOptions, 'port' | 'dir'> {
  /** Further options of the command line; they win over ours. */
  readonly args?: readonly string[];
  /** Keep the data over `restart` and `kill`. @default false */
  readonly appendonly?: boolean;
}

/** A Redis of your own on 127.0.0.1, ready for commands; it ends with the test, and never outlives this process. */
export function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { port, dir, args = [], appendonly = false } = options;
  return startRedisProcess({
    port,
    dir,
    commandLine: (port, dir) => [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir],
      // With "everysec" Redis may hold back a write for 2 s, and a SIGKILL would lose it.
      ...['--save', '', '--appendonly', appendonly ? 'yes' : 'no', '--appendfsync', 'always'],
      ...['--repl-diskless-sync-delay', '0'], // 5 s by default, for more replicas to turn up
      ...args,
    ],
  });
}
