import { z } from 'zod';
import type { Feature } from '../feature.ts';
import type { ResolvedOptions } from '../options.ts';
import { addRoute } from '../http/route.ts';

const iceServer = z.object({
  urls: z.string(),
  username: z.string().nullable(),
  credential: z.string().nullable(),
});

/** Box-im's limit for calls of groups, which its open version lacks. */
const maxChannel = 9;

/** What it takes of the rest. */
export interface SystemNeeds {
  readonly options: Pick<ResolvedOptions, 'iceServers'>;
}

/** Contract C.8. */
export const system: Feature<SystemNeeds> = (app, { options }) => {
  const iceServers = options.iceServers.map(({ urls, username = null, credential = null }) => ({
    urls,
    username,
    credential,
  }));
  addRoute(app, {
    method: 'GET',
    url: '/system/config',
    tag: 'System',
    summary: 'What a page needs to know for calls',
    answer: z.object({ webrtc: z.object({ maxChannel: z.int(), iceServers: z.array(iceServer) }) }),
    handle: () => ({ webrtc: { maxChannel, iceServers } }),
  });
};
