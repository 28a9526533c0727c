#!/usr/bin/env node
import { createLogger, runProgram, serve, startAdminOf, type Admin } from 'im-common/internal/program';
import { program, readConfiguration, type Task } from './configuration.ts';
import { createGateway } from './gateway.ts';
import { makeKey } from './http/keys.ts';

await runProgram<Task>(program.name, readConfiguration, async (task) => {
  if (task.kind === 'start') await start(task);
  else printKey(task);
});

async function start({ settings, options, warnings }: Extract<Task, { kind: 'start' }>): Promise<void> {
  const logger = createLogger(program.name, settings.logLevel);
  for (const warning of warnings) logger.warn({}, warning);
  const gateway = createGateway({ ...options, logger });
  let admin: Admin | undefined;
  const service = {
    async start() {
      admin = await startAdminOf(settings, {
        health: () => gateway.health(),
        metricsText: () => gateway.metricsText(),
      });
      await gateway.start();
      return { url: gateway.url, adminPort: admin?.port };
    },
    async close() {
      await gateway.close();
      await admin?.close();
    },
  };
  await serve(service, { logger, drainMs: settings.drainMs });
}

function printKey({ name, scopes }: Extract<Task, { kind: 'key' }>): void {
  const { key, line } = makeKey(name, scopes);
  process.stdout.write(
    `The key, which is shown only now:\n${key}\n\nIts line for the option keys:\n${line}\n`,
  );
}
