export { orderAdmins } from './admins/admin-command.ts';
export type { AdminOrder } from './admins/admin-order.ts';
export type { ApnsOptions } from './away/apps/apns.ts';
export type { FcmOptions } from './away/apps/fcm.ts';
export type {
  AwayCampaign,
  AwayChannel,
  AwayChannels,
  AwayMessage,
  AwayNotification,
  AwayOutcome,
  AwayRegistration,
  AwaySecrets,
  AwayWithdrawal,
} from './away/channel.ts';
export { orderEncryption } from './at-rest/encryption-command.ts';
export type { EncryptionOrder } from './at-rest/encryption-order.ts';
export { KeyRefused } from './at-rest/key-provider.ts';
export type { KeyProvider, WrappedKey } from './at-rest/key-provider.ts';
export { openDatabase } from './db/database.ts';
export type { Database, DatabaseOptions } from './db/database.ts';
export { migrate, rollback } from './db/migrate.ts';
export { demoAccounts, seed } from './seed.ts';
export type { SeedOptions } from './seed.ts';
export type { AuditEntry, WriteAudit } from './operations/audit.ts';
export type { DemoAccount, IceServer, PageOptions, PlatformOptions } from './options.ts';
export { createPlatform, Platform } from './platform.ts';
export type {
  PaymentNotice,
  PaymentOrder,
  PaymentProvider,
  PaymentStanding,
} from './wallet/payment-provider.ts';
export { PlatformError } from './platform-error.ts';
export { platformDefaults } from './resolve-options.ts';
