import { setTimeout as sleep } from 'node:timers/promises';
import { PushService } from '../../support/push-service.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { enter, type Device } from '../kit/few.ts';
import { tokenOf, type PlatformProgram } from '../kit/platform.ts';
import { Random } from '../kit/random.ts';
import { prepare, type Stage } from './platform.ts';
import type { Row } from './row.ts';

/** The first of them are online, the others away. */
const online = 10;
/** Of each campaign, with the rate below: some seconds, in slices of one. */
const sliceSize = 60;
const instancesAtATime = 2;
/** As docs/campaigns.md says: what an instance had under way when it was killed. */
const mostToldTwice = instancesAtATime * 4 * sliceSize;

interface Told {
  readonly userId: number;
  readonly campaignId: string;
  readonly at: number;
}

/** All platforms are killed in the middle of a campaign, and others go on with it. */
export const campaignsUnderKills: Row = {
  name: 'campaigns',
  numbers: [],
  holds:
    'platforms are killed in the middle of a campaign: others go on, all are told, none twice but those whose push was under way, no device twice, and the counts are those of the rows',
  inTest: 1,
  inFull: 20,
  loadInTest: { devices: 150 },
  async run({ times, seed, devices: users = 400, scope }) {
    const random = new Random(seed);
    const stage = await prepare(scope, users);
    const { sql } = stage.people.database;
    await sql('im_admin').insert({ userId: 1, createdTime: Date.now() });
    const service = await PushService.start();
    scope.onEnd(() => service.close());
    const taken: { readonly index: number; readonly at: number }[] = [];
    service.answer = async (index) => {
      await sleep(random.between(0, 40));
      taken.push({ index, at: performance.now() });
      return { status: 201 };
    };
    const platform = {
      ...{ webPushContact: 'mailto:ops@example.com', webPushHosts: [service.host] },
      ...{ campaigns: true, sweepMs: 50 },
    };
    const instances: PlatformProgram[] = [];
    const start = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) instances[index] = await stage.newInstance({ platform });
    };
    await start(instancesAtATime);
    const there: Device[] = [];
    for (let userId = 1; userId <= online; userId++) there.push(await enter(scope, stage.serverPort, userId));
    const browsers = new Map<number, ReturnType<PushService['subscribe']>>();
    for (let userId = online + 1; userId <= users; userId++)
      browsers.set(userId, service.subscribe(`/${userId}`));
    await Promise.all(
      [...browsers].map(([userId, { registration }]) =>
        ask(instances, userId, 'PUT', '/v1/sessions/current/push', registration),
      ),
    );

    const kills: number[] = [];
    const campaignIds: string[] = [];
    for (let kill = 0; kill < times; kill++) {
      const { id } = await ask<{ id: string }>(instances, 1, 'POST', '/v1/admin/campaigns', {
        ...{ name: `Campaign ${kill}`, segment: { everybody: true }, language: 'en' },
        ...{ variants: variantsOf(kill), ratePerSecond: sliceSize },
      });
      campaignIds.push(id);
      await ask(instances, 1, 'POST', `/v1/admin/campaigns/${id}/orders`, { order: 'start' });
      const before = taken.length;
      const wanted = random.between(1, Math.max(2, Math.floor((users - online) * 0.8)));
      await waitUntil('some are told', () => Promise.resolve(taken.length - before >= wanted), 120_000);
      await Promise.all(instances.map((instance) => instance.kill()));
      kills.push(performance.now());
      await leasesEnd(sql);
      // One is enough for what the last ones left: within the suite each that starts is dear.
      await start(kill < times - 1 ? instancesAtATime : 1);
      await waitUntil(
        `campaign ${id} is done`,
        async () =>
          (await sql('im_campaign').where({ id }).first<{ state: string }>('state')).state === 'done',
        180_000,
      );
    }

    const told = taken.map(({ index, at }): Told => {
      const posted = service.posted[index];
      const userId = Number(posted?.path.slice(1));
      const one = posted && browsers.get(userId)?.read(posted);
      if (one?.is !== 'campaign') throw new Error(`User ${userId} was told of no campaign`);
      return { userId, campaignId: one.campaignId, at };
    });
    const judged = judge(told, { kills, campaignIds, userIds: [...browsers.keys()] });
    const problems = [...judged.problems, ...seenWrongly(there, campaignIds), ...(await countedWrongly(sql))];
    return {
      faults: times * instancesAtATime,
      checked: campaignIds.length * users,
      problems,
      figures: {
        notifications: { value: told.length, unit: '', atLeast: campaignIds.length * browsers.size },
        'told twice': { value: judged.twice, unit: '', atMost: mostToldTwice * times },
      },
    };
  },
};

type Sql = Stage['people']['database']['sql'];

function variantsOf(kill: number) {
  return ['A', 'B'].map((name) => ({
    ...{ name, share: 50 },
    texts: { en: { title: `${name} ${kill}`, body: 'Hello {{nickName}}' } },
  }));
}

/** Of whichever instance answers. */
async function ask<Answer>(
  instances: readonly PlatformProgram[],
  userId: number,
  method: string,
  path: string,
  body: object,
): Promise<Answer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(userId)}` };
  const asked = { method, headers, body: JSON.stringify(body) };
  let answer: Response | undefined;
  await waitUntil(
    `${method} ${path} is answered`,
    async () => {
      answer = await fetch(`${instances[0]?.url ?? ''}${path}`, asked);
      return answer.ok;
    },
    60_000,
  );
  const text = (await answer?.text()) ?? '';
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

/** As if the two minutes had passed, for which a slice is the instance's alone that is dead now. */
async function leasesEnd(sql: Sql): Promise<void> {
  await sql('im_campaign_slice').where('nextTime', '>', Date.now()).update({ nextTime: Date.now() });
}

function judge(
  told: readonly Told[],
  {
    kills,
    campaignIds,
    userIds,
  }: {
    readonly kills: readonly number[];
    readonly campaignIds: readonly string[];
    readonly userIds: readonly number[];
  },
): { readonly twice: number; readonly problems: string[] } {
  const problems: string[] = [];
  const first = new Map<string, number>();
  let twice = 0;
  for (const { userId, campaignId, at } of told) {
    const name = `user ${userId}, campaign ${campaignId}`;
    const before = first.get(name);
    if (before === undefined) first.set(name, at);
    else {
      twice += 1;
      if (!kills.some((kill) => before < kill + 1_000 && kill < at))
        problems.push(`${name}: told twice, and nobody was killed`);
    }
  }
  for (const campaignId of campaignIds)
    for (const userId of userIds)
      if (!first.has(`user ${userId}, campaign ${campaignId}`))
        problems.push(`user ${userId}, campaign ${campaignId}: not told`);
  return { twice, problems };
}

/** Each device has seen each of them once. */
function seenWrongly(there: readonly Device[], campaignIds: readonly string[]): string[] {
  return there.flatMap(({ seen }, index) => {
    const ids = seen.flatMap(({ data }) => {
      const { type, campaign } = data as { type?: number; campaign?: { id: string } };
      return type === 63 && campaign ? [campaign.id] : [];
    });
    return ids.join() === campaignIds.join() ? [] : [`device ${index + 1} has seen ${ids.join()}`];
  });
}

/** The report beside the rows of the receivers. */
async function countedWrongly(sql: Sql): Promise<string[]> {
  const columns = ['campaignId', 'variant', 'state', 'reason'];
  const counts = await sql('im_campaign_count')
    .where('receivers', '<>', 0)
    .orderBy(columns)
    .select<object[]>(...columns, 'receivers');
  const rows = await sql('im_campaign_receiver')
    .groupBy(columns)
    .orderBy(columns)
    .select<object[]>(...columns, sql.raw('count(*) as receivers'));
  const [said, are] = [JSON.stringify(counts), JSON.stringify(rows)];
  return said === are ? [] : [`the counts are ${said}, and the rows ${are}`];
}
