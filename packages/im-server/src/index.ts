export type { Logger } from 'im-common';
export type { ServerMetrics } from './metrics/metrics.ts';
export type {
  Authenticate,
  BinaryWire,
  ImServerOptions,
  LoginContext,
  Proof,
  TextWire,
  Wire,
} from './options/options.ts';
export { imServerOptionNames, serverDefaults } from './options/resolve-options.ts';
export { ImServer } from './im-server.ts';
export { createImServer } from './server.ts';
export type { Health } from './metrics/health.ts';
