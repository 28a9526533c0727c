// End-to-end encryption, for those who use it. The library that does it is loaded when it is set up, and not before.
export { EndToEnd, endToEnd } from './end-to-end.ts';
export type { EndToEndOptions } from './end-to-end.ts';
export type { EncryptionState } from './account-keys.ts';
export type { DeviceKeys, PersonKeys } from './peoples-keys.ts';
export { missingIn } from './missing.ts';
export type { Verification, VerificationStep, VerificationView } from './verification.ts';
