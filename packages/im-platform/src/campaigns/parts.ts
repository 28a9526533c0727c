import type { CampaignService } from './campaign-service.ts';
import type { Openings } from './openings.ts';
import type { UserAttributes } from './user-attributes.ts';
import type { UserLists } from './user-lists.ts';
import { Refusal } from '../http/refusal.ts';

/** What routes of campaigns ask. */
export interface CampaignParts {
  readonly service: CampaignService;
  readonly lists: UserLists;
  readonly attributes: UserAttributes;
  readonly openings: Openings;
  readonly mostRate: number;
}

/** Undefined: there are none here. */
export function mustHave(parts: CampaignParts | undefined): CampaignParts {
  if (!parts) throw new Refusal('campaignsOff', { code: 404 });
  return parts;
}
