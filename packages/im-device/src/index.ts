export type { DevicePart } from './part.ts';
export { createDevice } from './create-device.ts';
export { Device } from './device.ts';
export { DeviceError } from './errors.ts';
export type { DeviceErrorCode } from './errors.ts';
export type {
  DeviceEvents,
  DeviceMessage,
  DeviceState,
  KickedWhy,
  MessageKind,
  MessageTypes,
  WaitReason,
} from './events.ts';
export { deviceDefaults } from './options.ts';
export type { Locate, Where } from './reconnect/locate.ts';
export type { DeviceOptions, GiveToken } from './options.ts';
export type { WebSocketConstructor, WebSocketEvent, WebSocketLike } from './platform.ts';
export type { Unreachable } from './connection/unreachable.ts';
