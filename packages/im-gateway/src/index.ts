export { createGateway, Gateway } from './gateway.ts';
export type { GatewayHealth } from './health.ts';
export type { GatewayOptions } from './options.ts';
export { ImError } from 'im-common';
