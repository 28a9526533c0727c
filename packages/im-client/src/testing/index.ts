export { createTestIm, TestIm } from './test-im.ts';
export type { TestImOptions } from './test-im.ts';
export type { BusFault } from './faults.ts';
export type { SentMessage } from './recording-sender.ts';
export { groupResult, keptResult, privateResult, systemResult } from './results.ts';
export type { TestResultFields } from './results.ts';
export { TestDevice } from './test-device.ts';
export type { DeviceScript, ReceivedMessage, TestDeviceOptions } from './test-device.ts';
