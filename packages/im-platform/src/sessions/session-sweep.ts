import type { Logger } from 'im-common';
import type { Ending } from '../feature.ts';
import type { SessionStore } from './session-store.ts';

const everyMs = 3_600_000;

/** Forgets sessions that are over by themselves, so that their table does not grow for ever. */
export function sweepRegularly({
  sessions,
  logger,
}: {
  readonly sessions: Pick<SessionStore, 'sweep'>;
  readonly logger: Logger;
}): Ending {
  let sweeping = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = sessions.sweep().then(
      () => undefined,
      (error: unknown) => logger.warn({ err: error }, 'sessions that are over cannot be forgotten now'),
    );
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await sweeping;
  };
}
