import { setTimeout as sleep } from 'node:timers/promises';
import { ImError } from 'im-common';
import type { Bus, GroupView } from 'im-common/bus';
import { decodeServerInfo, drainNotice, hasFeature, serverGroup } from 'im-common/internal/bus';
import { integer, invalidOption, milliseconds } from 'im-common/internal/checks';
import { busOptions, type CliCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Options } from '../options.ts';
import { own } from '../own.ts';

interface Called extends Options {
  readonly server: string;
  readonly waitMs: number;
}

/** Long enough for a server that the bus was away from. */
const noticeMs = 600_000;
const lookMs = 250;
const serverId = integer('server', 1);

export const drain: CliCommand = {
  about: 'Let a server send its devices elsewhere, hand over its lists, and end.',
  options: busOptions,
  argument: { name: 'server', about: 'Its id, as "im servers" shows it.' },
  flags: own('Command', {
    waitMs: {
      kind: milliseconds(0),
      default: 60_000,
      about: 'How long to wait until it has gone; 0: not at all.',
    },
  }),
  async run(context, { server, waitMs }: Called) {
    const id = serverId.fromText(server);
    if (id === undefined)
      throw invalidOption(`The id of the server is not usable; expected ${serverId.expected}.`);
    const { out } = context;
    const bus = await context.bus();
    const view = await bus.registry.view(serverGroup);
    const boot = view.live.find((one) => one.id === String(id))?.boot;
    if (boot === undefined) {
      out.note(`No server ${id} lives here. "im servers" shows those that do.`);
      return exitCodes.no;
    }
    if (!hasFeature(view, id, 'drain'))
      throw new ImError(
        'UNSUPPORTED',
        `Server ${id} is too old to be told so: end its process with SIGTERM instead.`,
      );
    if (!othersTakeDevices(view, id))
      out.note('No other server takes devices: they stay out until one does.');
    await bus.registry.post(serverGroup, drainNotice(id), boot, noticeMs);
    const left = waitMs === 0 ? undefined : await untilGone(bus, id, waitMs);
    const state = waitMs === 0 ? 'ordered' : left === undefined ? 'gone' : 'draining';
    if (out.isJson) await out.json({ server: id, state, connections: left });
    else await out.line(`Server ${id} ${words[state]}.`);
    if (left !== undefined) out.note(`It has ${left} connections left. "im servers" shows how it goes on.`);
    return state === 'draining' ? exitCodes.no : exitCodes.done;
  },
};

const words = {
  ordered: 'has been told to drain',
  gone: 'has drained, and is gone',
  draining: 'still drains',
} as const;

function othersTakeDevices({ live }: GroupView, id: number): boolean {
  return live.some((one) => one.id !== String(id) && decodeServerInfo(one.info)?.draining === false);
}

/** Undefined when it has gone, else how many connections it has left. */
async function untilGone(bus: Bus, id: number, waitMs: number): Promise<number | undefined> {
  const until = performance.now() + waitMs;
  for (;;) {
    const { live } = await bus.registry.view(serverGroup);
    const info = live.find((one) => one.id === String(id))?.info;
    if (info === undefined) return undefined;
    if (performance.now() > until) return decodeServerInfo(info)?.connections ?? 0;
    await sleep(lookMs);
  }
}
