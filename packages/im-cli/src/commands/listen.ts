import { randomBytes } from 'node:crypto';
import type { ListenerResult, PresenceEvent } from 'im-client';
import { resultKinds, serviceGroup, type ResultKind } from 'im-common/internal/bus';
import { bare, choice, count, invalidOption } from 'im-common/internal/checks';
import { busOptions, type CliCommand } from '../command.ts';
import { ownService, type Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Options } from '../options.ts';
import type { Output } from '../output/output.ts';
import { counted, moment, terminalWords } from '../output/words.ts';
import { own } from '../own.ts';

interface Called extends Options {
  readonly kind: readonly string[];
  readonly take?: boolean;
  readonly count?: number;
}

const known = choice([...resultKinds, 'presence']);

export const listen: CliCommand = {
  about: 'Print results of a service as they come, or who comes and goes, until Ctrl-C.',
  options: [...busOptions, 'service'],
  argument: {
    name: 'kind',
    about: `Of ${known.expected}. All results when none is named.`,
    isOptional: true,
    isList: true,
  },
  flags: own('Command', {
    take: { kind: bare, about: 'Although the service runs, and will not get what is printed here.' },
    count: { kind: count, about: 'End when so many are printed, and what came with them.' },
  }),
  async run(context, called: Called) {
    const kinds = called.kind.length > 0 ? called.kind : resultKinds;
    const wrong = kinds.find((kind) => known.read(kind) === undefined);
    if (wrong !== undefined)
      throw invalidOption(`${JSON.stringify(wrong)} is no kind; expected ${known.expected}.`);
    const printed = new Printer(context.out, called.count);
    const ended = context.untilEnd();
    if (kinds.includes('presence')) {
      if (kinds.length > 1)
        throw invalidOption('presence is given beside kinds of results; expected one or the other.');
      const client = await context.client({ service: called.service ?? nameOfOurs() });
      client.on('presence', (events) => printed.each(events, presenceLine));
      await client.start();
    } else {
      if (called.service === undefined) throw context.missing('service', 'whose results', 'shop');
      if (!called.take) await refuseWhereOthersListen(context, called.service);
      const client = await context.client({ retryDelaysMs: [] });
      for (const kind of kinds as readonly ResultKind[])
        client.on(kind, (results) => printed.each(results, resultLine));
      await client.start();
    }
    context.out.note('Listening. Ctrl-C ends it.');
    await Promise.race([printed.enough, new Promise((resolve) => ended.addEventListener('abort', resolve))]);
    return exitCodes.done;
  },
};

/** Nobody else's: of the listeners of one service only one is told who comes and goes. */
function nameOfOurs(): string {
  return `${ownService}-${randomBytes(4).toString('hex')}`;
}

async function refuseWhereOthersListen(context: Context, service: string): Promise<void> {
  const bus = await context.bus();
  const { live } = await bus.registry.view(serviceGroup(service));
  if (live.length === 0) return;
  const instances =
    live.length === 1 ? 'An instance of the service is' : `${live.length} instances of the service are`;
  throw invalidOption(
    `${instances} alive, and would not get what is printed here. If that is wanted: --take. Who comes and goes is told to all: im listen presence.`,
  );
}

/** What a listener has printed is done with; the rest stays on the bus for others. */
class Printer {
  readonly enough: Promise<void>;
  readonly #out: Output;
  #left: number;
  #stop: () => void = () => undefined;

  constructor(out: Output, most = Infinity) {
    this.#out = out;
    this.#left = most;
    this.enough = new Promise((resolve) => (this.#stop = resolve));
  }

  async each<T extends ListenerResult | PresenceEvent>(
    all: readonly T[],
    lineOf: (one: T) => string,
  ): Promise<void> {
    for (const one of all) {
      if (this.#out.isJson) await this.#out.jsonText(jsonOf(one));
      else await this.#out.line(lineOf(one));
    }
    this.#left -= all.length;
    if (this.#left <= 0) this.#stop();
  }
}

/** With its data as it was sent: numbers beyond 2^53 stay what they are. */
function jsonOf(one: ListenerResult | PresenceEvent): string {
  if ('event' in one) return JSON.stringify(one);
  const rest = JSON.stringify({ ...one, sender: one.sender, data: undefined });
  return `${rest.slice(0, -1)},"data":${one.dataText}}`;
}

function resultLine(result: ListenerResult): string {
  const { dataText, kind, messageId = '-', reason = 'arrived', serverId = '-', stage } = result;
  const receivers = 'receiver' in result ? [result.receiver] : result.receivers;
  const named = receivers.map(({ id, terminal }) => `${id}/${terminal}`).join(' ');
  const whom = named === '' && 'count' in result ? counted(result.count, 'device') : named;
  return [
    moment(Date.now()),
    kind,
    messageId,
    whom,
    reason,
    stage,
    `server ${serverId}`,
    dataText.slice(0, 200),
  ].join('  ');
}

function presenceLine(event: PresenceEvent): string {
  if (event.event === 'restart') return `${moment(Date.now()) ?? ''}  restart  who is online follows`;
  const { at, code, session, server, terminal, userId } = event;
  const end = code === undefined ? '' : `  code ${code}`;
  return `${moment(at) ?? ''}  ${event.event}  ${userId}  ${terminalWords(terminal)}  server ${server}  ${session}${end}`;
}
