import { migratedDatabase } from '../../../packages/im-platform/test/support/migrated-database.ts';
import { takeDatabasesFrom } from './databases.ts';

/** Within vitest: those that tests of im-platform hand on to each other. */
export function takeKeptDatabases(): void {
  takeDatabasesFrom(migratedDatabase);
}
