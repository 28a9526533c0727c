import type { Registry } from 'prom-client';
import type { Feature } from '../feature.ts';
import type { GroupMembers } from '../groups/group-members.ts';
import { inboxServiceOf, type InboxNeeds } from '../inbox/inbox.ts';
import type { ResolvedOptions } from '../options.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { openWallet } from '../wallet/wallet.ts';
import { Grabs } from './grabs.ts';
import { PacketNews } from './packet-news.ts';
import { redPacketApi } from './red-packet-api.ts';
import { RedPackets } from './red-packet-service.ts';
import { Refunds } from './refunds.ts';

/** What it takes of the rest. */
export type RedPacketNeeds = InboxNeeds & {
  readonly options: ResolvedOptions;
  readonly im: PlatformIm;
  readonly members: GroupMembers;
  readonly metrics: Registry;
};

/** Red packets, and the wallets that they go from and into. */
export const redPackets: Feature<RedPacketNeeds> = (app, needs) => {
  const { options, database, im, members, words, metrics } = needs;
  const { logger, language, sweepMs: everyMs } = options;
  const endWallet = openWallet(app, { options, database, metrics });
  if (!options.redPackets) {
    redPacketApi(app, undefined);
    return endWallet;
  }
  const news = new PacketNews({ im, members, logger });
  const grabs = new Grabs(database, { onTaken: (packet) => news.tell(packet) });
  const inbox = inboxServiceOf(needs);
  redPacketApi(app, new RedPackets({ database, inbox, words, grabs, limits: options, language }));
  const refunds = new Refunds({ database, logger, everyMs, onRefunded: (packet) => news.tell(packet) });
  const endRefunds = refunds.start();
  return async () => {
    await endRefunds();
    await endWallet?.();
    await news.close();
  };
};
