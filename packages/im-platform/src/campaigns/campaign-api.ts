import type { FastifyInstance } from 'fastify';
import { addApiRoute } from '../api/api-route.ts';
import { Refusal } from '../http/refusal.ts';
import { ofCampaign } from './campaign-view.ts';
import { mustHave, type CampaignParts } from './parts.ts';

/** For those who are told. */
export function campaignApi(app: FastifyInstance, given: CampaignParts | undefined): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/campaigns/{campaignId}/opened',
    name: 'openCampaign',
    tag: 'Notifications',
    summary: 'I have opened what I was told',
    rights: 'Whoever was told of it, or is just being told. Once is counted.',
    params: ofCampaign,
    problems: ['NOT_FOUND'],
    async handle({ params, caller: { userId } }) {
      const isKnown = await mustHave(given).openings.note({ ...params, userId });
      if (!isKnown) throw new Refusal('campaignUnknown', { code: 404 });
    },
  });
}
