import { createLogger, serve } from 'im-common/internal/program';
import { program, type Task } from './configuration.ts';
import { loadSharp } from './files/sharp.ts';
import { auditInto } from './operations/audit.ts';
import { createPlatform } from './platform.ts';

/** `im-platform start` */
export async function servePlatform({
  settings,
  options,
  warnings,
}: Extract<Task, { kind: 'start' }>): Promise<void> {
  const logger = createLogger(program.name, settings.logLevel);
  for (const warning of warnings) logger.warn({}, warning);
  // Whatever else is logged: an audit with gaps is none.
  const audit = auditInto(createLogger(program.name, 'info'));
  // It has machine code: an image that was built for another machine is to fail at its start.
  if (process.env['NODE_ENV'] === 'production') await loadSharp();
  const platform = createPlatform({ ...options, logger, audit });
  const service = {
    async start() {
      await platform.start();
      return { url: platform.url };
    },
    close: () => platform.close(),
  };
  await serve(service, { logger, drainMs: settings.drainMs });
}
