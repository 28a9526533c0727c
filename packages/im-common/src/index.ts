export {
  addressKey,
  defaultTerminals,
  isIntegerId,
  isUserId,
  readUserId,
  Terminal,
  toUserId,
  userIdForm,
  userIdToJson,
} from './address.ts';
export type { DeviceAddress, UserId } from './address.ts';
export { ImError, imErrorCodes } from './errors.ts';
export type { Effect, ImErrorCode } from './errors.ts';
export { silentLogger } from './logger.ts';
export type { Logger } from './logger.ts';
export { CloseCode, comeBack } from './protocol/close-code.ts';
export type { ComeBack } from './protocol/close-code.ts';
export { Command, commandOfKind, messageKinds } from './protocol/command.ts';
export type { MessageKind } from './protocol/command.ts';
export { decodeFrame, encodeFrame } from './protocol/frame.ts';
export type { Frame } from './protocol/frame.ts';
