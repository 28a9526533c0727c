import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../support/wait-until.ts';
import { sender, enter, startClient, startOwnRedis, startProgram, type Device } from '../kit/few.ts';
import { Random } from '../kit/random.ts';
import type { Row } from './row.ts';

const users = 20;
const pauseMs = 5;

interface Tab {
  readonly user: number;
  readonly place: number;
  device: Device;
  /** Of the messages to its user, the first that it has to have. */
  since: number;
}

/** Row 43: three servers, a tab of each user on each of them; one server after the other dies or drains. */
export const severalSessions: Row = {
  name: 'several-sessions',
  numbers: [43],
  holds:
    'a message reaches every tab that stays, and is delivered if one has it, whichever servers die or drain',
  inTest: 1,
  inFull: 40,
  async run({ times, seed, scope }) {
    const random = new Random(seed);
    const redis = await startOwnRedis(scope);
    const start = () => startProgram(scope, redis.url, ['--sessions', '0=3', '--drain-ms', '0']);
    const servers = await Promise.all([start(), start(), start()]);
    const im = await startClient(scope, redis.url);
    const sentTo = Array.from({ length: users + 1 }, () => 0);
    const problems: string[] = [];
    const reasons = new Map<string, number>();
    const ends: Promise<void>[] = [];
    let checked = 0;
    let repeated = 0;

    const open = async (user: number, place: number): Promise<Tab> => {
      const server = servers[place];
      if (!server) throw new Error(`no server ${place}`);
      const device = await enter(scope, server.port, user, `tab-${user}-${place}`);
      return { user, place, device, since: sentTo[user] ?? 0 };
    };
    const send = async (user: number): Promise<void> => {
      const number = sentTo[user] ?? 0;
      sentTo[user] = number + 1;
      const data = { user, number };
      const receipt = await im.sendPrivateMessage({
        sender,
        recvId: user,
        recvTerminals: [0],
        data,
        sendToSelf: false,
      });
      const [outcome] = await receipt.results();
      const how = outcome?.reason ?? 'delivered';
      reasons.set(how, (reasons.get(how) ?? 0) + 1);
      if (how !== 'delivered')
        problems.push(`message ${number} to user ${user}, who has tabs that stayed: ${how}`);
    };
    const countOf = ({ device }: Tab): Map<number, number> => {
      const seen = new Map<number, number>();
      for (const { data } of device.seen) {
        const { number } = data as { number: number };
        seen.set(number, (seen.get(number) ?? 0) + 1);
      }
      return seen;
    };
    const numbersFor = ({ since, user }: Tab): number[] =>
      Array.from({ length: (sentTo[user] ?? 0) - since }, (_, index) => since + index);
    /** A result is of one tab: the copies for others may be on their way still, through lists of their own. */
    const hasAll = (tab: Tab): boolean => {
      const seen = countOf(tab);
      return numbersFor(tab).every((number) => seen.has(number));
    };
    /** What a tab has to have that was in since its login. */
    const judge = (tab: Tab): void => {
      const seen = countOf(tab);
      for (const number of numbersFor(tab)) {
        const count = seen.get(number) ?? 0;
        checked += 1;
        if (count === 0) problems.push(`tab ${tab.place} of user ${tab.user} has not got message ${number}`);
        else repeated += count - 1;
      }
    };

    const tabs: Tab[] = [];
    for (let user = 1; user <= users; user += 1) {
      // Each user's newest one is on another server.
      for (const shift of [0, 1, 2]) tabs.push(await open(user, (user + shift) % 3));
    }
    for (let round = 0; round < times; round += 1) {
      const place = round % 3;
      const victim = servers[place];
      if (!victim) continue;
      const over = new AbortController();
      const sending = (async () => {
        while (!over.signal.aborted) {
          ends.push(send(random.between(1, users)));
          await sleep(pauseMs);
        }
      })();
      await sleep(random.between(100, 400));
      if (round % 3 === 2) await victim.terminate();
      else await victim.kill();
      await sleep(random.between(3_500, 4_500));
      over.abort();
      await sending;
      await Promise.all(ends.splice(0));
      const stayed = tabs.filter((tab) => tab.place !== place);
      // What does not come is found by judge().
      await waitUntil('each tab that stayed has all', () => Promise.resolve(stayed.every(hasAll))).catch(
        () => undefined,
      );
      for (const tab of stayed) judge(tab);
      servers[place] = await start();
      for (const tab of tabs) {
        if (tab.place === place) Object.assign(tab, await open(tab.user, place));
        tab.since = sentTo[tab.user] ?? 0;
      }
    }
    return {
      faults: times,
      checked,
      problems:
        problems.length > 10 ? [...problems.slice(0, 10), `and ${problems.length - 10} more`] : problems,
      figures: {
        ...Object.fromEntries([...reasons].map(([how, value]) => [how, { value, unit: 'messages' }])),
        'came twice to a tab': { value: repeated, unit: '' },
      },
    };
  },
};
