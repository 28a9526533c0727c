import { readWebhookSecret } from 'im-common/internal/network';
import type { Registry } from 'prom-client';
import type { Database } from '../db/database.ts';
import { Deliveries } from '../events/deliveries.ts';
import type { Outbox } from '../events/outbox.ts';
import { OutboxStore } from '../events/outbox-store.ts';
import { SinkStore, type SinkRow } from '../events/sink-store.ts';
import type { Feature } from '../feature.ts';
import { carryEvents } from '../lanes/carry-events.ts';
import type { ResolvedOptions } from '../options.ts';
import { openSinks } from '../sinks/open-sinks.ts';
import { serverUsersOf, type ServerUserNeeds } from '../server/server.ts';
import { botWebhookApi } from './bot-webhook-api.ts';
import { HttpSink } from './http-sink.ts';
import { webhookApi } from './webhook-api.ts';
import { webhookAddresses } from './webhook-address.ts';
import { WebhookService } from './webhook-service.ts';

/** What it takes of the rest. */
export type WebhookNeeds = ServerUserNeeds & {
  readonly options: Pick<
    ResolvedOptions,
    'logger' | 'sweepMs' | 'webhookNetworks' | 'eventSinks' | 'eventKeepDays'
  >;
  readonly database: Database;
  readonly metrics: Registry;
  readonly outbox: Outbox;
};

const dayMs = 86_400_000;

/** Other systems are told of what happens (decision 084). */
export const webhooks: Feature<WebhookNeeds> = async (app, needs) => {
  const { options, database, metrics, outbox, users } = needs;
  const { logger, sweepMs: everyMs, webhookNetworks, eventKeepDays } = options;
  const addresses = webhookAddresses(webhookNetworks);
  const deliveries = new Deliveries({
    ...{ database, outbox, metrics, logger, everyMs, keepMs: eventKeepDays * dayMs },
    sinks: await openSinks(options.eventSinks),
    openWebhook: (row) => new HttpSink({ url: row.url ?? '', secrets: () => secretsOf(row), addresses }),
  });
  const service = new WebhookService({
    ...{ sinks: new SinkStore(database), outbox: new OutboxStore(database), addresses },
    isBot: async (userId) => (await users.find(userId))?.isBot === 1,
    look: () => deliveries.look(),
  });
  webhookApi(app, service);
  botWebhookApi(app, { users: serverUsersOf(needs), webhooks: service });
  await deliveries.start();
  const endCarrying = carryEvents(database, logger);
  return async () => {
    await endCarrying();
    await deliveries.close();
  };
};

function secretsOf({ secret, formerSecret, formerEndTime }: SinkRow): Buffer[] {
  const former = Date.now() < (formerEndTime ?? 0) ? formerSecret : null;
  return [secret, former].flatMap((one) => (one === null ? [] : readWebhookSecret(one)));
}
