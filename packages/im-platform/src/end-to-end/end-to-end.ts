import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import type { GroupMembers } from '../groups/group-members.ts';
import { GroupStore } from '../groups/group-store.ts';
import type { ResolvedOptions } from '../options.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { backupApi } from './backup-api.ts';
import { Backups } from './backups.ts';
import { deviceApi } from './device-api.ts';
import { DeviceMessages } from './device-messages.ts';
import { Devices } from './devices.ts';
import { EncryptionNews } from './encryption-news.ts';
import { EncryptionService } from './encryption-service.ts';
import { Identities } from './identities.ts';
import { Marks } from './marks.ts';

/** What it takes of the rest. */
export interface EndToEndNeeds {
  readonly options: Pick<ResolvedOptions, 'logger' | 'endToEnd'>;
  readonly database: Database;
  readonly im: PlatformIm;
  readonly members: GroupMembers;
}

/** Carries what devices need to encrypt for each other: public keys, and messages that nobody here can read (decision 115). */
export const endToEnd: Feature<EndToEndNeeds> = (app, { options, database, im, members }) => {
  if (!options.endToEnd) {
    deviceApi(app, undefined);
    backupApi(app, undefined);
    return undefined;
  }
  const { logger } = options;
  deviceApi(
    app,
    new EncryptionService({
      ...{ database, devices: new Devices(database), identities: new Identities(database) },
      messages: new DeviceMessages(database),
      marks: new Marks({ database, members, groups: new GroupStore(database) }),
      news: new EncryptionNews({ im, logger }),
    }),
  );
  backupApi(app, new Backups(database));
  return undefined;
};
