import type { Refuse } from 'im-common/internal/checks';

/** A mistake of whoever runs the platform, not of whoever uses it: wrong options, a missing library. */
export class PlatformError extends Error {
  readonly code: 'INVALID_OPTION' | 'DRIVER_MISSING' | 'MIGRATION_NEEDED' | 'PORT_IN_USE' | 'ARCHIVE_BROKEN';

  constructor(code: PlatformError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PlatformError';
    this.code = code;
  }
}

export const refused: Refuse = (problem, cause) => new PlatformError('INVALID_OPTION', problem, { cause });
