export { openDatabase } from './db/database.ts';
export type { Database, DatabaseOptions } from './db/database.ts';
export { migrate, rollback } from './db/migrate.ts';
export { platformDefaults } from './options.ts';
export type { IceServer, PlatformOptions } from './options.ts';
export { createPlatform } from './platform.ts';
export type { Platform } from './platform.ts';
export { PlatformError } from './platform-error.ts';
