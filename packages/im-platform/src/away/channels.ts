import type { Database } from '../db/database.ts';
import type { ResolvedOptions } from '../options.ts';
import { apns } from './apps/apns.ts';
import { fcm } from './apps/fcm.ts';
import type { AwayChannels } from './channel.ts';
import { Vapid } from './web/vapid.ts';
import { webPush } from './web/web-push.ts';

/** Those that are configured. Whoever opens them closes them. */
export function openChannels(options: ResolvedOptions, database: Database): AwayChannels {
  const { webPushContact: contact, webPushKey: key, webPushHosts: hosts } = options;
  return {
    ...(contact !== undefined && { web: webPush({ vapid: new Vapid(database, { contact, key }), hosts }) }),
    ...(options.apns && { apns: apns(options.apns) }),
    ...(options.fcm && { fcm: fcm(options.fcm) }),
  };
}
