import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ByteText } from 'im-common/bus';
import { encodeEntry, messageList, resultList, toByteText } from 'im-common/internal/bus';
import { Redis } from 'ioredis';
import { build } from '../child-program.ts';
import { nowUs } from '../process-figures.ts';
import { payload } from '../payload.ts';
import type { TracerName } from '../senders/tracer.ts';
import { sourceProgram, startServer } from '../start-server.ts';
import { LiveSender, type OwnRedis, type SenderProgram, type Subject } from './subject.ts';

export interface ImOptions {
  readonly name: string;
  readonly redis: OwnRedis;
  readonly proof: 'written' | 'pong';
  /** Another build of the server, to measure a change in one run. */
  readonly program?: string | undefined;
  /** The backend wants to know what becomes of its messages. @default true */
  readonly sendsResults?: boolean;
  /** The backend and the server trace, with this tracer; see `senders/tracer.ts`. */
  readonly tracer?: TracerName;
}

const perCommand = 1_000;
const backlogService = 'backlog';
const tracerProgram = fileURLToPath(new URL('../senders/server-tracer.ts', import.meta.url));
let subjects = 0;

export interface ImSubject extends Subject {
  readonly keyPrefix: string;
  readonly backlog: NonNullable<Subject['backlog']>;
}

/** Our server with every default: tokens, limits, identities, results, the in-flight store, metrics. */
export async function startIm({
  name,
  redis,
  proof,
  program,
  sendsResults = true,
  tracer,
}: ImOptions): Promise<ImSubject> {
  // Each has its own keys: there may be several on one Redis.
  subjects += 1;
  const keyPrefix = `im${subjects}:`;
  const server = await startServer(
    redis.url,
    [
      '--proof',
      proof,
      '--key-prefix',
      keyPrefix,
      ...(tracer && tracer !== 'tracer unused' ? ['--tracing'] : []),
    ],
    program,
    tracer ? ['--import', pathToFileURL(build(tracerProgram)).href] : [],
  );
  const client = new Redis(redis.url);
  const backend = new LiveSender(
    [tracer ?? (sendsResults ? 'im-client' : 'im-client-without-results'), redis.url, keyPrefix],
    senderFor(program),
  );
  const results = keyPrefix + resultList('private', backlogService);
  // The list is empty between rounds; what was prepared here becomes it at a stroke.
  const staging = `${keyPrefix}staging`;
  let messages = 0;
  let unanswered = 0;
  const entryFor = (user: number): ByteText => {
    messages += 1;
    return encodeEntry('private', {
      dataText: toByteText(payload()),
      receivers: [{ id: String(user), terminal: 0 }],
      senderText: toByteText('{"id":1,"terminal":0}'),
      sendResult: true,
      serviceName: backlogService,
      messageId: `bench-${messages.toString(36)}`,
      attempt: 1,
      queuedAt: Date.now(),
    });
  };
  return {
    name,
    pid: server.pid,
    redisPid: redis.pid,
    keyPrefix,
    port: Number(new URL(server.url).port),
    wire: 'im',
    backend,
    backlog: async (count, users) => {
      unanswered += count;
      for (let laid = 0; laid < count; laid += perCommand) {
        const length = Math.min(perCommand, count - laid);
        const entries = Array.from({ length }, (_, index) => entryFor(((laid + index) % users) + 1));
        await client.rpush(staging, ...entries);
      }
      const begun = nowUs();
      await client.rename(staging, keyPrefix + messageList('private', server.id));
      return begun;
    },
    clean: async () => {
      await everyResult(client, results, unanswered);
      unanswered = 0;
      await client.del(results);
    },
    stop: async () => {
      client.disconnect();
      await backend.stop();
      await server.stop();
    },
  };
}

/** Of the server's own tree, if that one takes the same orders. */
function senderFor(program: string | undefined): SenderProgram {
  if (program === sourceProgram) return { how: 'from source' };
  if (program === undefined) return {};
  const file = new URL('../../../bench/senders/sender.ts', pathToFileURL(program));
  return existsSync(new URL('im-backend.ts', file)) ? { file: file.href } : {};
}

/** What was measured counts only if every message had its result. */
async function everyResult(redis: Redis, list: string, expected: number): Promise<void> {
  for (let attempt = 1; (await redis.llen(list)) !== expected; attempt += 1) {
    if (attempt > 50) throw new Error(`${await redis.llen(list)} results for ${expected} messages`);
    await sleep(100);
  }
}
