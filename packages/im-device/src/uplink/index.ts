export { withUplink } from './uplink.ts';
export type { CallOptions, Uplinks } from './uplink.ts';
export type { OutboxOptions } from './outbox.ts';
export type { OutboxStore } from './outbox-store.ts';
export type { RequestHandler } from './requests.ts';
