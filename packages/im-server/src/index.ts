export type { Authenticate, LoginContext } from './device/authenticate.ts';
export type { Logger } from 'im-common';
export type { ServerMetrics } from './metrics.ts';
export type { ImServerOptions, Proof } from './options.ts';
export { imServerOptionNames, serverDefaults } from './resolve-options.ts';
export { createImServer, ImServer } from './server.ts';
export type { Health } from './health.ts';
