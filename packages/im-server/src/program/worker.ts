import cluster from 'node:cluster';
import { ImError } from 'im-common';
import { createLogger, endOnCrash } from 'im-common/internal/program';
import { program, type Configuration } from './configuration.ts';
import type { ImServer } from '../im-server.ts';
import { createImServer } from '../server.ts';
import { isOurs, type FromWorker, type Question, type ToWorker } from './worker-messages.ts';

/** One of several processes that share the port: a server of its own that does what the primary says. */
export async function runWorker({ settings, serverOptions }: Configuration): Promise<void> {
  const worker = cluster.worker?.id;
  const logger = createLogger(program.name, settings.logLevel, { worker });
  try {
    const server = createImServer({ ...serverOptions, logger });
    endOnCrash(logger, () => server.close());
    const starting = server.start();
    followOrders(server, starting);
    await starting;
    const { url, id, tcpPort } = server;
    logger.info({ url, id, tcpPort }, 'started');
    await send({ im: 'started', started: { url, id, tcpPort } });
  } catch (error) {
    const code = error instanceof ImError ? error.code : undefined;
    await send({ im: 'failed', code, message: error instanceof Error ? error.message : String(error) });
    process.exit(1);
  }
}

function followOrders(server: ImServer, starting: Promise<void>): void {
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await server.drain();
    process.exit(0);
  };
  // runWorker reports a start that fails.
  const drain = (): void => void (ending ??= starting.then(end, () => undefined));
  // Ctrl-C and service managers signal primary and workers alike; the primary alone decides about "at once".
  void server.drainOrdered.then(drain);
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
  process.on('message', (message: unknown) => {
    if (!isOurs(message)) return;
    const order = message as ToWorker; // The primary sends no others.
    if (order.im === 'drain') drain();
    else void reply(server, order.question, order.number);
  });
}

async function reply(server: ImServer, question: Question, number: number): Promise<void> {
  const answer = question === 'health' ? server.health() : await server.metrics.snapshot();
  await send({ im: 'answer', number, answer });
}

/** Resolves when it is on its way, and also when the primary is gone: then this process is about to end. */
function send(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });
}
