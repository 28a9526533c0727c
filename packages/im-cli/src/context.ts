import { createImClient, type ImClient, type ImClientOptions } from 'im-client';
import { createRedisBus, type Bus } from 'im-common/bus';
import { toRedisBusOptions } from 'im-common/internal/bus';
import { missing, onEnd, type Given, type Program } from 'im-common/internal/program';
import { Output, type Streams } from './output/output.ts';
import type { Options } from './options.ts';

/** The service that asks where none is named. */
export const ownService = 'im-cli';

export interface ContextOptions {
  readonly options: Options;
  /** What was given, and where. */
  readonly given: ReadonlyMap<string, Given>;
  readonly program: Program;
  readonly streams: Streams;
}

/** What a command has to do with: the bus, a client on it, and where to say things. */
export class Context {
  readonly out: Output;
  readonly stdin: Streams['stdin'];
  readonly given: ReadonlyMap<string, Given>;
  readonly #options: Options;
  readonly program: Program;
  #bus: Bus | undefined;
  #client: ImClient | undefined;
  #ended: AbortSignal | undefined;

  constructor({ given, options, program, streams }: ContextOptions) {
    const { stderr, stdin, stdout } = streams;
    this.out = new Output({ stdout, stderr, isJson: options.json });
    this.stdin = stdin;
    this.given = given;
    this.#options = options;
    this.program = program;
  }

  /** Connected. */
  async bus(): Promise<Bus> {
    if (this.#bus) return this.#bus;
    const { commandTimeoutMs, keyPrefix, redis } = this.#options;
    if (redis === undefined) throw this.missing('redis', 'where Redis is', 'redis://127.0.0.1:6379');
    const bus = createRedisBus({ keyPrefix, commandTimeoutMs, ...toRedisBusOptions(redis) });
    this.#bus = bus;
    await bus.start();
    return bus;
  }

  /** Of the service that is named, or of our own. */
  async client(more: Partial<ImClientOptions> = {}): Promise<ImClient> {
    const bus = await this.bus();
    const { service = ownService, terminals } = this.#options;
    this.#client ??= createImClient({ service, terminals, bus, ...more });
    return this.#client;
  }

  /** The error about an option that must be given here. */
  missing(option: keyof Options, what: string, example?: string): Error {
    return missing(this.program, option, what, example);
  }

  /** Aborts when the process is to end; for commands that go on until then. Others end at once, as any program does. */
  untilEnd(): AbortSignal {
    if (this.#ended) return this.#ended;
    const end = new AbortController();
    onEnd(() => end.abort());
    this.#ended = end.signal;
    return end.signal;
  }

  async close(): Promise<void> {
    await this.#client?.close();
    await this.#bus?.close();
  }
}
