import { Counter, type Registry } from 'prom-client';
import { Trail } from '../admins/trail.ts';
import { openChannels } from '../away/channels.ts';
import { Devices } from '../away/devices.ts';
import { Registrations } from '../away/registrations.ts';
import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { serverUsersOf, type ServerUserNeeds } from '../server/server.ts';
import { adminCampaignApi } from './admin-campaign-api.ts';
import { campaignApi } from './campaign-api.ts';
import { CampaignService } from './campaign-service.ts';
import { CampaignStore } from './campaign-store.ts';
import { CampaignWorker } from './campaign-worker.ts';
import { removeOldReceivers } from './old-receivers.ts';
import { Openings } from './openings.ts';
import type { CampaignParts } from './parts.ts';
import { Planner } from './planner.ts';
import { Pushes } from './pushes.ts';
import { serverCampaignApi } from './server-campaign-api.ts';
import { SliceSender } from './slice-sender.ts';
import { Slices } from './slices.ts';
import { UserAttributes } from './user-attributes.ts';
import { UserLists } from './user-lists.ts';

/** What it takes of the rest. */
export type CampaignNeeds = ServerUserNeeds & {
  readonly options: ResolvedOptions;
  readonly im: PlatformIm;
  readonly words: SensitiveWords;
  readonly metrics: Registry;
};

/** Something is pushed to many (decision 110). */
export const campaigns: Feature<CampaignNeeds> = (app, needs) => {
  const { options, database } = needs;
  const opened = options.campaigns ? openCampaigns(needs) : undefined;
  adminCampaignApi(app, { database, trail: new Trail(database) }, opened?.parts);
  serverCampaignApi(app, serverUsersOf(needs), opened?.parts);
  campaignApi(app, opened?.parts);
  return opened?.end;
};

function openCampaigns({ options, database, im, words, metrics }: CampaignNeeds): {
  readonly parts: CampaignParts;
  readonly end: () => Promise<void>;
} {
  const { logger, sweepMs: everyMs, campaignRate: rate } = options;
  // Lines of its own to the services: what many are told does not stand before what one is told.
  const own = openChannels(options, database);
  const pushed = new Counter({
    name: 'im_platform_campaign_pushes_total',
    help: 'What push services were given for campaigns, and what they made of it',
    labelNames: ['channel', 'outcome', 'reason'],
    registers: [metrics],
  });
  const devices = new Devices({
    ...{ channels: { ...own, ...options.awayChannels }, registrations: new Registrations(database), logger },
    count: (channel, _, outcome) =>
      pushed.inc({ channel, outcome: outcome.is, reason: outcome.is === 'sent' ? '' : outcome.reason }),
  });
  const store = new CampaignStore(database);
  const pushes = new Pushes({ database, im, devices });
  const sender = new SliceSender({ database, pushes });
  const attributes = new UserAttributes(database);
  const lists = new UserLists(database);
  const worker = new CampaignWorker({
    ...{ planner: new Planner({ database, store }), slices: new Slices({ database, store, rate }) },
    ...{ sender, logger, everyMs, removeOld: (closing) => removeOldReceivers(database, closing) },
  });
  const end = worker.start();
  return {
    parts: {
      service: new CampaignService({ database, store, attributes, lists, words, sender, pushes }),
      ...{ lists, attributes, openings: new Openings(database), mostRate: rate },
    },
    async end() {
      await end();
      devices.close();
      for (const channel of Object.values(own)) await channel.close?.();
    },
  };
}
