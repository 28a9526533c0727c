#!/usr/bin/env node
import cluster from 'node:cluster';
import type { Admin } from './admin.ts';
import { readConfiguration, type Configuration, type Request } from './configuration.ts';
import type { Logger } from 'im-common';
import { createLogger, exitWith, runProgram, startAdminOf, type Program } from './program.ts';
import { createImServer } from './server.ts';
import { runWorker } from './worker.ts';
import { createWorkers } from './workers.ts';

const request = readRequest();
if (request.kind === 'print') process.stdout.write(request.text);
else await run(request);

function readRequest(): Request {
  try {
    return readConfiguration(process.argv.slice(2), process.env);
  } catch (error) {
    return exitWith(error);
  }
}

async function run(configuration: Configuration): Promise<void> {
  const { settings, warnings } = configuration;
  if (cluster.isWorker) {
    await runWorker(configuration);
    return;
  }
  const logger = createLogger(settings.logLevel);
  for (const warning of warnings) logger.warn({}, warning);
  const { drainMs = 0 } = settings;
  const program = settings.workers > 1 ? createWorkers(settings, logger) : createAlone(configuration, logger);
  await runProgram(program, { logger, drainMs });
}

function createAlone({ settings, serverOptions }: Configuration, logger: Logger): Program {
  const server = createServer();
  let admin: Admin | undefined;
  return {
    async start() {
      admin = await startAdminOf(settings, {
        health: () => server.health(),
        metricsText: () => server.metrics.text(),
      });
      await server.start();
      return { url: server.url, id: server.id, tcpPort: server.tcpPort, adminPort: admin?.port };
    },
    async drain() {
      await server.drain();
      await admin?.close();
    },
    async close() {
      await server.close();
      await admin?.close();
    },
  };

  function createServer(): ReturnType<typeof createImServer> {
    try {
      return createImServer({ ...serverOptions, logger });
    } catch (error) {
      return exitWith(error);
    }
  }
}
