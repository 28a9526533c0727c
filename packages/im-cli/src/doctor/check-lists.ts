import type { Bus } from 'im-common/bus';
import { serviceGroup, type ServerRow } from 'im-common/internal/bus';
import { listsThatMatch } from '../redis.ts';
import { counted } from '../output/words.ts';
import type { Finding } from './finding.ts';

const muchWaits = 1_000;

/** What a list is for, by its name. */
const forms = {
  message: /^im:(?:message:\w+|user:force_logout):(?<of>\d+)$/,
  /** Not those of one instance. */
  result: /^im:result:\w+:(?<of>[\w.-]+)$/,
  dead: /^im:dead:(?<of>.+)$/,
  webhook: /^im:queue:webhook:(?<of>.+)$/,
  uplink: /^im:uplink:(?<of>[\w.-]+):\d+$/,
} as const;

type Form = keyof typeof forms;

/** What waits and nobody takes, by a walk through all keys. */
export async function checkLists(bus: Bus, servers: readonly ServerRow[]): Promise<Finding[]> {
  const sums = await sumsOf(bus);
  const known = new Set(servers.map(({ id }) => String(id)));
  const of = (form: Form): [string, number][] => [...(sums.get(form) ?? [])];
  const strangers = of('message').filter(([id]) => !known.has(id));
  const findings = [
    ...strangers.map(([id, count]) => unknownServer(id, count)),
    ...(await waitsFor(bus, of('result'), 'result')),
    ...(await waitsFor(bus, of('uplink'), 'uplink')),
    ...of('webhook')
      .filter(([, count]) => count >= muchWaits)
      .map(([name, count]) => webhooks(name, count)),
    ...of('dead').map(([name, count]) => letters(name, count)),
  ];
  if (findings.length > 0) return findings;
  return [
    { about: 'lists', state: 'ok', what: 'Nothing waits that nobody takes, and there are no dead letters.' },
  ];
}

/** How many entries lists have, for each whom they are for. */
async function sumsOf(bus: Bus): Promise<Map<Form, Map<string, number>>> {
  const sums = new Map<Form, Map<string, number>>();
  for (const list of await listsThatMatch(bus, 'im:*')) {
    for (const [form, pattern] of Object.entries(forms) as [Form, RegExp][]) {
      const of = pattern.exec(list)?.groups?.['of'];
      if (of === undefined) continue;
      const byName = sums.get(form) ?? new Map<string, number>();
      sums.set(form, byName.set(of, (byName.get(of) ?? 0) + (await bus.lists.length(list))));
    }
  }
  return sums;
}

function unknownServer(id: string, count: number): Finding {
  return {
    ...{
      about: 'lists',
      state: 'warn',
      what: `${counted(count, 'entry waits', 'entries wait')} for server ${id}, which is not registered.`,
    },
    cure: 'It is one of box-im, or was lost with the memory of Redis: then they go by themselves, within a week.',
  };
}

async function waitsFor(
  { registry }: Bus,
  sums: readonly (readonly [service: string, count: number])[],
  what: string,
): Promise<Finding[]> {
  const findings = sums.map(async ([service, count]): Promise<Finding[]> => {
    const { live } = await registry.view(serviceGroup(service));
    const about = 'lists';
    const wait = `${counted(count, `${what} waits`, `${what}s wait`)} for service ${service}`;
    if (live.length === 0)
      return [
        {
          about,
          state: 'warn',
          what: `${wait}, of which nothing runs.`,
          cure: 'Start it; or send with sendResult: false what nobody listens to.',
        },
      ];
    if (count < muchWaits) return [];
    return [
      {
        about,
        state: 'bad',
        what: `${wait}, which runs.`,
        cure: 'Its listeners are slow, or fail: look into its log. More instances share the work.',
      },
    ];
  });
  return (await Promise.all(findings)).flat();
}

function webhooks(service: string, count: number): Finding {
  const what = `${count} webhooks of the gateways ${service} wait for their receiver.`;
  return { about: 'lists', state: 'bad', what, cure: 'Look whether webhookUrl answers, and how fast.' };
}

function letters(of: string, count: number): Finding {
  const what = `${counted(count, 'dead letter')} of ${of}.`;
  return {
    about: 'dead letters',
    state: 'warn',
    what,
    cure: `im dead list --of ${of} says why; then replay or drop them.`,
  };
}
