import type { Bus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import type { Database } from '../db/database.ts';
import type { Feature } from '../feature.ts';
import { limitersOn } from '../limits/limiter.ts';
import type { ResolvedOptions } from '../options.ts';
import { regularly } from '../regularly.ts';
import { BoundedGet } from './bounded-get.ts';
import { linkPreviewApi } from './link-preview-api.ts';
import { LinkPreviewService, mostPerMinute } from './link-preview-service.ts';
import { LinkPreviewStore } from './link-preview-store.ts';
import { previewAddresses } from './preview-addresses.ts';

/** What it takes of the rest. */
export interface LinkPreviewNeeds {
  readonly options: Pick<ResolvedOptions, 'logger' | 'linkPreviews' | 'linkPreviewNetworks'>;
  readonly database: Database;
  readonly bus: Bus;
}

const sweepEveryMs = 3_600_000;
/** Shorter than a request may take. */
const fetchMs = 4_000;

/** What stands behind links, without that anybody's browser asks strangers (decision 093). */
export const linkPreviews: Feature<LinkPreviewNeeds> = (app, { options, database, bus }) => {
  if (!options.linkPreviews) {
    linkPreviewApi(app, undefined);
    return undefined;
  }
  const { logger } = options;
  const store = new LinkPreviewStore(database);
  const service = new LinkPreviewService({
    ...{ store, logger, fetchMs },
    get: new BoundedGet(previewAddresses(options.linkPreviewNetworks)),
    limit: limitersOn(redisOf(bus))({ name: 'link-previews', times: mostPerMinute, durationS: 60 }),
  });
  linkPreviewApi(app, service);
  const failure = 'previews of links that are over cannot be forgotten now';
  const endSweep = regularly({ everyMs: sweepEveryMs, logger, failure }, () => store.sweep());
  return async () => {
    await endSweep();
    await service.close();
  };
};
