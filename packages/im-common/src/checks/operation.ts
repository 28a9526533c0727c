import { host, logLevel, port, type LogLevel, type TextKind } from './kinds.ts';

/** Options that every program has, for those who run it. */
interface OperationRows {
  readonly adminPort: OfProgram<number>;
  readonly adminHost: OfProgram<string> & { readonly default: string };
  readonly logLevel: OfProgram<LogLevel> & { readonly default: LogLevel };
}

interface OfProgram<T> {
  readonly only: 'program';
  readonly kind: TextKind<T>;
  readonly about: string;
}

export const operation: OperationRows = {
  adminPort: {
    only: 'program',
    kind: port,
    about: 'Port for /healthz, /readyz and /metrics; 0 takes a free one. Off when absent.',
  },
  adminHost: {
    only: 'program',
    kind: host,
    default: '127.0.0.1',
    about: 'Interface of the admin port. Anyone who reaches it may read the metrics.',
  },
  logLevel: {
    only: 'program',
    kind: logLevel,
    default: 'info',
    about: 'What is logged, as JSON lines on stdout.',
  },
};
