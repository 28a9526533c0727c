import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TiedProcess } from '../../support/tied-process.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { enter, knock, sender, startClient, startOwnRedis, startProgram, type Device } from '../kit/few.ts';
import { runFromSource } from '../kit/program.ts';
import type { Row } from './row.ts';

const fileOf = (name: string): string => fileURLToPath(new URL(`../kit/${name}`, import.meta.url));
const quickly = ['--lease-ms', '900'];

/** Row 2. */
export const reportedNotAcknowledged: Row = {
  name: 'reported-not-acknowledged',
  numbers: [2],
  holds:
    'a server that dies when the result is out and the entry is not acknowledged: the listener hears of it once',
  inTest: 3,
  inFull: 50,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const survivor = await startProgram(scope, redis.url, quickly);
    const client = await startClient(scope, redis.url);
    const heard = new Map<string, number>();
    client.on('private', (results) => {
      for (const { messageId = '' } of results) heard.set(messageId, (heard.get(messageId) ?? 0) + 1);
    });
    let doubles = 0;
    client.events.on('duplicateDropped', ({ count }) => (doubles += count));

    for (let i = 1; i <= times; i++) {
      const dying = await startProgram(scope, redis.url, quickly, fileOf('dying-server.ts'));
      await enter(scope, dying.port, i);
      const receipt = await client.sendPrivateMessage({ sender, recvId: i, data: i, sendToSelf: false });
      const { signal } = await dying.ended;
      if (signal !== 'SIGKILL')
        throw new Error(`The server was to die at its acknowledgement, and ended with ${signal ?? ''}`);
      await receipt.results();
      // The survivor takes the entry over and reports it again.
      await waitUntil('the second result has come', () => Promise.resolve(doubles >= i));
    }
    const wrong = [...heard.values()].filter((count) => count !== 1).length;
    await survivor.terminate();
    return {
      faults: times,
      checked: heard.size,
      figures: {
        'heard otherwise than once': { value: wrong, unit: '', atMost: 0 },
        'second results that were dropped': { value: doubles, unit: '' },
      },
    };
  },
};

/** The steps of a send until its result is dealt with: call, and a piece of its first argument. */
const steps = [
  ['presence.locate', ''],
  ['registry.view', 'max_server_id'],
  ['lists.put', 'im:message:private'],
  ['lists.open', 'im:result:private'],
  ['lists.take', 'im:result:private:shop@'],
  ['lists.acknowledge', 'im:result:private:shop@'],
] as const;

/** How many of them die at a time: most of a death is to wait for what comes of it. */
const atATime = 4;

/** Row 3. `times` is how many of the steps, before and after: twelve in all. */
export const dyingSender: Row = {
  name: 'dying-sender',
  numbers: [3],
  holds:
    'a sender that dies at any step of a send: what reached the device has its result at another instance within 15 s',
  inTest: 12,
  inFull: 12,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url, quickly);
    const successor = await startClient(scope, redis.url, { leaseMs: 900 });
    const heard = new Set<string>();
    successor.on('private', (batch) => {
      for (const { receiver } of batch) heard.add(receiver.id);
    });
    const cases = steps.flatMap((step) => (['before', 'after'] as const).map((when) => [when, ...step]));
    const deaths: Death[] = [];
    const waiting = cases.slice(0, times).map((args, index) => ({ args, user: index + 1 }));
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { args, user } = next;
        const device = await enter(scope, server.port, user);
        const sender = runFromSource(fileOf('dying-sender.ts'), [redis.url, String(user), ...args]);
        scope.onEnd(() => sender.signal('SIGKILL'));
        const what = args.join(' ').trim();
        deaths.push(await watch({ what, sender, device, isHeard: () => heard.has(String(user)) }));
      }
    };
    await Promise.all(Array.from({ length: atATime }, lane));
    return {
      faults: deaths.filter(({ isHit }) => isHit).length,
      checked: deaths.filter(({ hasArrived }) => hasArrived).length,
      problems: deaths.flatMap(({ problem }) => problem ?? []),
      figures: {
        'slowest result after the death': {
          value: Math.max(0, ...deaths.map(({ resultAfterMs }) => resultAfterMs)),
          unit: 'ms',
          atMost: 15_000,
        },
      },
    };
  },
};

/** What became of one sender, and of its message. */
interface Death {
  readonly isHit: boolean;
  readonly hasArrived: boolean;
  readonly resultAfterMs: number;
  readonly problem: string | undefined;
}

interface Dying {
  readonly what: string;
  readonly sender: TiedProcess;
  readonly device: Device;
  /** Whether another instance has the result. */
  readonly isHeard: () => boolean;
}

async function watch({ what, sender, device, isHeard }: Dying): Promise<Death> {
  const { code, signal } = await sender.ended;
  const diedAt = performance.now();
  const sinceMs = (): number => performance.now() - diedAt;
  const hasArrived = (): boolean => device.seen.length > 0;
  // Its own listener may have heard it before: then it may be heard again here, and need not.
  const wasHeard = sender.output.includes('heard');
  while (sinceMs() < 15_000 && !isHeard() && !wasHeard && (hasArrived() || sinceMs() < 2_000))
    await sleep(20);
  const isOwed = hasArrived() && !wasHeard;
  const isHit = signal === 'SIGKILL';
  const problem = !isHit
    ? `the sender ended with ${code ?? signal ?? ''}: ${sender.output}`
    : isOwed && !isHeard()
      ? 'no result within 15 s'
      : undefined;
  return {
    isHit,
    hasArrived: hasArrived(),
    resultAfterMs: isOwed ? sinceMs() : 0,
    problem: problem && `${what}: ${problem}`,
  };
}

/** Row 14. */
export const reusedIds: Row = {
  name: 'reused-ids',
  numbers: [14],
  holds: 'no two living servers have one id, however the counter is set back',
  inTest: 4,
  inFull: 40,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const client = redis.client();
    const servers = await Promise.all([1, 2].map(() => startProgram(scope, redis.url)));
    const problems: string[] = [];
    let worstMs = 0;
    for (let i = 0; i < times; i++) {
      const living = servers.filter(({ isRunning }) => isRunning);
      const setBackAt = performance.now();
      if (i % 2 === 0) await client.set('im:max_server_id', 0);
      else await client.flushall();
      const next = await startProgram(scope, redis.url);
      // Everybody who lives has a lease of its own in the end, whoever had to take another id.
      await waitUntil('each has a lease', async () => {
        const leases = await client.zcount('{im:max_server_id}:lease', '-inf', '+inf');
        const ready = await Promise.all([...living, next].map(({ adminPort }) => isReady(adminPort)));
        return leases === living.length + 1 && ready.every(Boolean);
      }).catch((error: unknown) => problems.push(String(error)));
      worstMs = Math.max(worstMs, performance.now() - setBackAt);
      const device = await knock(next.port, 1_000 + i);
      scope.onEnd(() => device.socket.terminate());
      servers.push(next);
      await servers.shift()?.kill();
      await waitUntil('the dead one is declared dead', async () => {
        return (await client.zcount('{im:max_server_id}:lease', '-inf', '+inf')) === 2;
      });
    }
    return {
      faults: times,
      checked: times,
      problems,
      figures: { 'slowest start with all leases in place': { value: worstMs, unit: 'ms', atMost: 10_000 } },
    };
  },
};

async function isReady(adminPort: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${adminPort}/readyz`)).ok;
}
