#!/usr/bin/env node
import cluster from 'node:cluster';
import type { Logger } from 'im-common';
import {
  createLogger,
  runProgram,
  serve,
  startAdminOf,
  type Admin,
  type Service,
} from 'im-common/internal/program';
import { program, readConfiguration, type Configuration } from './program/configuration.ts';
import { createImServer } from './server.ts';
import { runWorker } from './program/worker.ts';
import { createWorkers } from './program/workers.ts';

await runProgram(program.name, readConfiguration, async (configuration) => {
  const { settings, warnings } = configuration;
  if (cluster.isWorker) {
    await runWorker(configuration);
    return;
  }
  const logger = createLogger(program.name, settings.logLevel);
  for (const warning of warnings) logger.warn({}, warning);
  const service = settings.workers > 1 ? createWorkers(settings, logger) : createAlone(configuration, logger);
  await serve(service, { logger, drainMs: settings.drainMs });
});

function createAlone({ settings, serverOptions }: Configuration, logger: Logger): Service {
  const server = createImServer({ ...serverOptions, logger });
  let admin: Admin | undefined;
  return {
    endWanted: server.drainOrdered.then(() => 'an order to drain'),
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
}
