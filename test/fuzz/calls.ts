import { inspect } from 'node:util';
import { createImClient, ImError, type ImClient } from 'im-client';
import { createMemoryBus, type Bus, type ByteText } from 'im-common/bus';
import { decodeEntry, encodeServerInfo, serverGroup } from 'im-common/internal/bus';
import { Random } from '../faults/kit/random.ts';
import {
  bad,
  dressed,
  junk,
  madeData,
  madeFlag,
  madeId,
  madeList,
  madeTerminal,
  onlineIds,
  withUnknown,
  type Made,
} from './made.ts';

// Whatever is passed to a client: the entries on the lists are, byte for byte, those of the message that it means, or
// the call rejects and names the field, and nothing is on a list.

export interface CallsOptions {
  readonly calls: number;
  readonly seed: number;
}

const kinds = ['private', 'group', 'system'] as const;
type Kind = (typeof kinds)[number];

const serverId = 7;
const terminals = [0, 1, 2, -1];
const lists = [...kinds.map((kind) => `im:message:${kind}:${serverId}`), `im:user:force_logout:${serverId}`];
const commandOf = { private: 3, group: 4, system: 5 } as const;

/** What one call was given, and the texts that must be on the lists then; undefined when it must reject. */
interface Call {
  readonly call: (im: ImClient) => Promise<unknown>;
  readonly expected: readonly string[] | undefined;
  /** One of them must be named by the error. */
  readonly wrong: readonly string[];
  readonly about: string;
}

/** Prints what was tried and found; rejects when something does not hold. */
export async function fuzzCalls({ calls, seed }: CallsOptions): Promise<void> {
  const random = new Random(seed);
  const world = await World.open();
  const tally = { accepted: 0, refused: 0, entries: 0 };
  const problems: string[] = [];
  const since = performance.now();
  for (let n = 0; n < calls && problems.length < 10; n += 1) {
    const call = madeCall(random);
    const outcome = await outcomeOf(call, world.im);
    const texts = await world.take();
    tally[outcome === undefined ? 'accepted' : 'refused'] += 1;
    tally.entries += texts.length;
    const problem = problemOf(call, outcome, texts);
    if (problem !== undefined) problems.push(`call ${n}, ${call.about}: ${problem}`);
  }
  await world.close();
  const seconds = ((performance.now() - since) / 1_000).toFixed(1);
  const report = [
    `fuzz: ${calls} calls, seed ${seed}, in ${seconds} s: ${tally.accepted} accepted with ${tally.entries} entries, ${tally.refused} refused, ${problems.length} problems`,
    ...problems.map((problem) => `  PROBLEM ${problem}`),
  ].join('\n');
  console.log(report);
  if (problems.length > 0) throw new Error(report);
  // A run that tries only one of the two has tried nothing.
  if (calls >= 1_000 && Math.min(tally.accepted, tally.refused) < calls / 10)
    throw new Error(`one-sided: ${report}`);
}

/** A client on a bus of its own, on which the server that all are on is played by a reader of its lists. */
class World {
  readonly im: ImClient;
  readonly #bus: Bus;
  readonly #seen = new Map<string, number>();

  private constructor(bus: Bus) {
    this.#bus = bus;
    this.im = createImClient({ service: 'fuzz', bus, resultDeadlineMs: 200 });
  }

  static async open(): Promise<World> {
    const bus = createMemoryBus();
    await bus.start();
    const info = encodeServerInfo({ address: 'ws://x', connections: 0, draining: false } as never);
    await bus.registry.renew(serverGroup, { id: String(serverId), boot: 'x', leaseMs: 86_400_000, info });
    for (const id of onlineIds)
      for (const terminal of terminals) await bus.presence.bind({ id, terminal }, serverId);
    for (const list of lists) await bus.lists.open(list, 'fuzz');
    return new World(bus);
  }

  /** All that is on the lists now. */
  async take(): Promise<ByteText[]> {
    const texts: ByteText[] = [];
    for (const list of lists) {
      const seen = this.#seen.get(list) ?? 0;
      const taken = (await this.#bus.lists.take(list, 'fuzz', seen, 1_000)) ?? [];
      if (taken.length === 0) continue;
      this.#seen.set(list, taken.at(-1)?.seq ?? 0);
      texts.push(...taken.map(({ text }) => text));
      await this.#bus.lists.acknowledge(
        list,
        'fuzz',
        taken.map(({ seq }) => seq),
      );
    }
    return texts;
  }

  async close(): Promise<void> {
    await this.im.close();
    await this.#bus.close();
  }
}

async function outcomeOf({ call }: Call, im: ImClient): Promise<unknown> {
  try {
    await call(im);
    return undefined;
  } catch (error) {
    return error ?? 'nothing';
  }
}

function problemOf(call: Call, error: unknown, texts: readonly ByteText[]): string | undefined {
  const got = texts.map(withoutIdentity).sort();
  if (error === undefined) {
    if (!call.expected) return `was accepted, with ${call.wrong.join(', ')} wrong: ${got.join(' ')}`;
    for (const text of texts) if (text.startsWith('{"cmd"')) decodeEntry(text);
    const expected = [...call.expected].sort();
    if (JSON.stringify(got) === JSON.stringify(expected)) return undefined;
    return `has put ${got.join(' ')} and should have put ${expected.join(' ')}`;
  }
  if (!(error instanceof ImError) || error.code !== 'INVALID_ARGUMENT')
    return `rejected with ${inspect(error)}`;
  if (call.expected) return `was refused: ${error.message}`;
  if (got.length > 0) return `was refused, and has put ${got.join(' ')}`;
  if (call.wrong.some((name) => error.message.includes(name))) return undefined;
  return `the error names none of ${call.wrong.join(', ')}: ${error.message}`;
}

/** The entry as plain text, without what is new each time. */
function withoutIdentity(bytes: ByteText): string {
  const text = Buffer.from(bytes, 'latin1').toString();
  return text
    .replace(/^(\{"cmd":\d),"messageId":"[\w-]+","queuedAt":\d+/, '$1')
    .replace(/"serviceName":"fuzz@[\w-]+"/, '"serviceName":"fuzz"');
}

function madeCall(random: Random): Call {
  return random.chance(0.8) ? madeSend(random, random.pick(kinds)) : madeQuestion(random);
}

function madeSend(random: Random, kind: Kind): Call {
  const fields = new Map<string, Made>();
  const recvIds = kind === 'private' ? madeReceiver(random) : madeList(random, madeId);
  const isToAll = kind === 'system' && random.chance(0.2);
  fields.set(
    kind === 'private' ? 'recvId' : 'recvIds',
    isToAll ? { value: 'everyone', means: 'everyone' } : recvIds,
  );
  if (random.chance(0.6)) fields.set('recvTerminals', madeList(random, madeTerminal));
  fields.set('sendResult', madeFlag(random));
  fields.set('data', madeData(random));
  if (kind !== 'system') {
    fields.set('sender', madeSender(random));
    fields.set('sendToSelf', madeFlag(random));
  }
  const wrong = [...fields].filter(([, { means }]) => means === bad).map(([name]) => name);
  let message: unknown = dressed(
    random,
    Object.fromEntries([...fields].map(([name, { value }]) => [name, value])),
  );
  if (random.chance(0.05)) {
    const { object, name } = withUnknown(random, message as object);
    message = object;
    wrong.push(name);
  }
  if (random.chance(0.01)) {
    message = random.chance(0.5) ? undefined : nothingButJunk(random);
    wrong.push(`a ${kind} message`, 'unknown', 'recvId');
  }
  const name = `send${kind.charAt(0).toUpperCase()}${kind.slice(1)}Message` as const;
  return {
    about: name,
    call: (im) =>
      (im[name as 'sendPrivateMessage'] as (message: unknown) => Promise<unknown>).call(im, message),
    expected: wrong.length === 0 ? entriesOf(kind, fields) : undefined,
    wrong,
  };
}

function nothingButJunk(random: Random): unknown {
  const value = junk(random);
  // Anything that it says to each question might be a message.
  return typeof value === 'object' ? [] : value;
}

function madeReceiver(random: Random): Made {
  const id = random.chance(0.05) ? { value: null, means: null } : madeId(random);
  return id.value === null ? { value: null, means: null } : id;
}

function madeSender(random: Random): Made {
  if (random.chance(0.02)) return { value: random.chance(0.5) ? undefined : 5, means: bad };
  const [id, terminal] = [madeId(random), madeTerminal(random)];
  const sender = dressed(random, { id: id.value, terminal: terminal.value });
  const isBad = id.means === bad || terminal.means === bad;
  if (random.chance(0.01)) return { value: withUnknown(random, sender).object, means: bad };
  return { value: sender, means: isBad ? bad : { id: id.means, terminal: terminal.means } };
}

interface Sender {
  readonly id: string;
  readonly terminal: number;
}

/** What P-6.1 says of the message: written here once more, in the plainest way. */
function entriesOf(kind: Kind, fields: ReadonlyMap<string, Made>): string[] {
  const means = (name: string): unknown => fields.get(name)?.means;
  const on = [...new Set((means('recvTerminals') as number[] | undefined) ?? terminals)];
  const to = kind === 'private' ? means('recvId') : means('recvIds');
  const ids =
    to === null || to === 'everyone'
      ? []
      : [...new Set(Array.isArray(to) ? (to as string[]) : [to as string])];
  const sender = means('sender') as Sender | undefined;
  const [data, sendResult] = [means('data') as string, means('sendResult') as boolean];
  const write = (receivers: readonly Sender[], wantsResult: boolean, everyoneOn = ''): string =>
    `{"cmd":${commandOf[kind]},"receivers":[${receivers.map(address).join(',')}]${everyoneOn},"sendResult":${wantsResult}` +
    `${sender ? `,"sender":${address(sender)}` : ''}${wantsResult ? ',"serviceName":"fuzz"' : ''},"data":${data}}`;
  const receivers = ids.flatMap((id) => on.map((terminal) => ({ id, terminal }))).filter(isOnline);
  const copies =
    sender && means('sendToSelf') === true
      ? terminals
          .filter((terminal) => terminal !== sender.terminal)
          .map((terminal) => ({ id: sender.id, terminal }))
      : [];
  const sent =
    kind === 'private'
      ? receivers.map((receiver) => write([receiver], sendResult))
      : receivers.length > 0
        ? [write(receivers, sendResult)]
        : [];
  const toAll = to === 'everyone' ? [write([], sendResult, `,"everyoneOn":[${on.join(',')}]`)] : [];
  return [...sent, ...toAll, ...copies.filter(isOnline).map((copy) => write([copy], false))];
}

function isOnline({ id, terminal }: Sender): boolean {
  return onlineIds.includes(id) && terminals.includes(terminal);
}

function address({ id, terminal }: Sender): string {
  const isInteger = /^(0|-?[1-9]\d*)$/.test(id) && BigInt.asIntN(64, BigInt(id)) === BigInt(id);
  return `{"id":${isInteger ? id : `"${id}"`},"terminal":${terminal}}`;
}

/** The other calls of a client. What is wrong with their options is wrong with those of a send. */
function madeQuestion(random: Random): Call {
  const [id, idList, terminal] = [madeId(random), madeList(random, madeId), madeTerminal(random)];
  const onTerminals = madeList(random, madeTerminal);
  const optional = random.chance(0.1) ? withUnknown(random, {}) : undefined;
  const order = (extra: Readonly<Record<string, unknown>>): unknown =>
    dressed(random, { terminals: onTerminals.value, ...extra });
  const moment = random.chance(0.8)
    ? { value: random.pick([1e12, new Date(1e12)]), means: 1e12 }
    : {
        value: random.pick<unknown>([1_700_000_000, 0, -1, '1e12', Number.NaN, new Date(1_700_000_000)]),
        means: bad,
      };
  const calls: readonly (() => Omit<Call, 'expected' | 'wrong'> & {
    parts: Record<string, Made>;
    /** Each device gets an order with this at its end. */
    orders?: string;
  })[] = [
    () => ({
      about: 'isOnline',
      parts: { userId: id, terminal },
      call: (im) => im.isOnline(id.value as never, terminal.value as never),
    }),
    () => ({
      about: 'onlineTerminals',
      parts: { userIds: idList },
      call: (im) => im.onlineTerminals(idList.value as never),
    }),
    () => ({
      about: 'onlineUsers',
      parts: { userIds: idList },
      call: (im) => im.onlineUsers(idList.value as never),
    }),
    () => ({
      about: 'forceLogout',
      parts: { userId: id, terminals: onTerminals },
      orders: '',
      call: (im) => im.forceLogout(id.value as never, order({}) as never),
    }),
    () => ({
      about: 'revokeTokens',
      parts: { userId: id, terminals: onTerminals, expiringBefore: moment },
      orders: `,"expiringBefore":${String(moment.means)}`,
      call: (im) => im.revokeTokens(id.value as never, order({ expiringBefore: moment.value }) as never),
    }),
    () => ({
      about: 'the options of a send',
      parts: optional ? { [optional.name]: { value: 0, means: bad } } : {},
      call: (im) =>
        im.sendSystemMessage(
          { recvIds: [], data: 1 },
          optional?.object ?? random.pick([{}, { signal: undefined }]),
        ),
    }),
  ];
  const { parts, orders, ...rest } = random.pick(calls)();
  const wrong = Object.keys(parts).filter((name) => parts[name]?.means === bad);
  const devices = [...new Set(onTerminals.means === bad ? [] : (onTerminals.means as number[]))]
    .map((code) => ({ id: String(id.means), terminal: code }))
    .filter(isOnline);
  const texts =
    orders === undefined
      ? []
      : devices.map((device) =>
          address(device).replace(
            /^\{"id":(.*),"terminal":(.*)\}$/,
            (_, user, code) => `{"terminal":${code},"userId":${user}${orders}}`,
          ),
        );
  return { ...rest, expected: wrong.length === 0 ? texts : undefined, wrong };
}
