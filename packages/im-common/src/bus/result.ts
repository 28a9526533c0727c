import type { DeviceAddress } from '../address.ts';
import { messageKinds, type MessageKind } from '../protocol/command.ts';
import type { EntryExtras } from './extras.ts';
import { flat, fromByteText, type ByteText } from './byte-text.ts';
import { encodeAddress, quoted, readAddress, readPlainAddresses } from './entry.ts';
import { eachItemOf, scanObject, ScanError, skipValue } from './json-scan.ts';

/** Box-im's codes, which is all that a Java listener sees (contract B.3). */
export const ResultCode = { SUCCESS: 0, NOT_ONLINE: 1, NOT_FIND_CHANNEL: 2, ERROR: 9999 } as const;

export type ResultCode = (typeof ResultCode)[keyof typeof ResultCode];

/**
 * How far a message got: on the bus; to a server of box-im, which knew a connection and waited for nothing; with the
 * operating system, with the device's stack, with its application.
 */
export const stages = ['queued', 'handed', 'written', 'proved', 'acknowledged'] as const;

export type Stage = (typeof stages)[number];

/**
 * Why a message did not arrive (PROTOCOL.md, P-7). REFUSED: a device that acknowledges has it and did not take it, e.g.
 * because newer ones went before. KEPT: it waits for the device. OUTDATED, REPLACED, DROPPED: nobody wanted it any more, a newer one
 * took its place, there was no room for it among those that wait. UNKNOWN: a server of box-im said 9999, which gives no reason.
 */
export type Reason =
  | 'NOT_ONLINE'
  | 'NO_CHANNEL'
  | 'SLOW_READER'
  | 'CLOSED_BEFORE_PROOF'
  | 'REFUSED'
  | 'SERVER_LOST'
  | 'DRAINING'
  | 'KEPT'
  | 'OUTDATED'
  | 'REPLACED'
  | 'DROPPED'
  | 'EXPIRED'
  | 'POISON'
  | 'TOO_LARGE'
  | 'UNKNOWN';

/** The code that box-im's listeners see for each. */
export const codeOfReason: Readonly<Record<Reason, ResultCode>> = {
  NOT_ONLINE: ResultCode.NOT_ONLINE,
  NO_CHANNEL: ResultCode.NOT_FIND_CHANNEL,
  SLOW_READER: ResultCode.NOT_FIND_CHANNEL,
  CLOSED_BEFORE_PROOF: ResultCode.NOT_FIND_CHANNEL,
  REFUSED: ResultCode.NOT_FIND_CHANNEL,
  SERVER_LOST: ResultCode.NOT_FIND_CHANNEL,
  DRAINING: ResultCode.NOT_FIND_CHANNEL,
  // Not delivered, and nothing is wrong: who knows only the codes goes on as if no connection had taken it.
  KEPT: ResultCode.NOT_FIND_CHANNEL,
  OUTDATED: ResultCode.NOT_FIND_CHANNEL,
  REPLACED: ResultCode.NOT_FIND_CHANNEL,
  DROPPED: ResultCode.NOT_FIND_CHANNEL,
  EXPIRED: ResultCode.ERROR,
  POISON: ResultCode.ERROR,
  TOO_LARGE: ResultCode.ERROR,
  UNKNOWN: ResultCode.ERROR,
};

/** What became of one message at one device. No `reason` means success. */
export interface Outcome {
  readonly address: DeviceAddress;
  readonly stage: Stage;
  readonly reason?: Reason | undefined;
}

/** What a result repeats of its entry. */
export interface ResultSource {
  /** Of an entry, whose trace goes back with its results. */
  readonly extras?: Pick<EntryExtras, 'trace'> | undefined;
  readonly dataText: ByteText;
  readonly senderText?: ByteText | undefined;
  readonly messageId?: string | undefined;
  readonly attempt: number;
  readonly queuedAt?: number | undefined;
}

/** Where and when the outcomes came about. */
export interface Handling {
  readonly serverId?: number | undefined;
  readonly takenAt?: number | undefined;
  readonly resolvedAt?: number | undefined;
}

/** One result as it lies on a result list: some outcomes of one entry, all with the same code. */
export interface Result extends ResultSource, Handling {
  readonly code: ResultCode;
  readonly outcomes: readonly Outcome[];
  /** Of a push to everyone or to a topic: nothing more will follow from this server. */
  readonly last: boolean;
  /** Of a message that is traced. */
  readonly trace?: string | undefined;
  /** Of a message that was kept: which kind it is of. */
  readonly keptKind?: MessageKind | undefined;
  /** Of a message to a topic whose members are not named: at how many devices it ended so. */
  readonly counted?: Counted | undefined;
}

export interface Counted {
  readonly count: number;
  readonly stage: Stage;
  readonly reason?: Reason | undefined;
}

export function codeOf(outcome: Outcome): ResultCode {
  return outcome.reason === undefined ? ResultCode.SUCCESS : codeOfReason[outcome.reason];
}

const codeOrder = [ResultCode.SUCCESS, ResultCode.NOT_ONLINE, ResultCode.NOT_FIND_CHANNEL, ResultCode.ERROR];

/**
 * The texts that report these outcomes, in the contract's order: private one object per receiver, group and system one
 * per code. A batch of one also carries `receiver`, for Java SDKs from before April 2026.
 */
export function encodeResults(
  kind: MessageKind,
  source: ResultSource,
  outcomes: readonly Outcome[],
  handling: Handling = {},
): ByteText[] {
  const tail = encodeTail(source, handling);
  if (kind === 'private') {
    if (outcomes.length === 1) return [encodeResult(source, tail, outcomes, true)];
    return outcomes.map((outcome) => encodeResult(source, tail, [outcome], true));
  }
  return codeOrder
    .map((code) => outcomes.filter((outcome) => codeOf(outcome) === code))
    .filter((batch) => batch.length > 0)
    .map((batch) => encodeResult(source, tail, batch, false));
}

/** How many ended how, for each stage and reason. */
export function count(outcomes: readonly Outcome[]): Counted[] {
  const counts = new Map<string, { stage: Stage; reason: Reason | undefined; count: number }>();
  for (const { stage, reason } of outcomes) {
    const key = `${stage} ${reason ?? ''}`;
    const counted = counts.get(key);
    if (counted) counted.count += 1;
    else counts.set(key, { stage, reason, count: 1 });
  }
  return [...counts.values()];
}

/** Of a message to a topic: a result that names nobody. */
export function encodeCounted(
  source: ResultSource,
  { count, stage, reason }: Counted,
  handling: Handling & { readonly last?: boolean } = {},
): ByteText {
  const code = reason === undefined ? ResultCode.SUCCESS : codeOfReason[reason];
  const why = reason === undefined ? '' : `,"reason":"${reason}"`;
  const last = handling.last ? ',"last":true' : '';
  const tail = `${encodeTail(source, handling)},"stage":"${stage}"${why},"count":${count}${last}`;
  return `{"code":${code},"data":${source.dataText},"receivers":[]${tail}}` as ByteText;
}

/** A push to everyone or to a topic ends with this, so that its sender knows that no receiver is still to come. */
export function encodeLastResult(source: ResultSource, handling: Handling = {}): ByteText {
  const tail = encodeTail(source, handling);
  return `{"code":0,"data":${source.dataText},"receivers":[]${tail},"last":true}` as ByteText;
}

/** What became of a message that was kept. */
export function encodeKeptResult(
  kind: MessageKind,
  source: ResultSource,
  outcome: Outcome,
  handling: Handling = {},
): ByteText {
  const text = encodeResult(source, encodeTail(source, handling), [outcome], true);
  return `${text.slice(0, -1)},"kind":"${kind}"}` as ByteText;
}

function encodeTail(source: ResultSource, handling: Handling): string {
  const { senderText, messageId, attempt, queuedAt, extras } = source;
  const sender = senderText === undefined ? '' : `,"sender":${senderText}`;
  const identity = messageId === undefined ? '' : `,"messageId":${quoted(messageId)}`;
  const server = handling.serverId === undefined ? '' : `,"server":${handling.serverId}`;
  const queued = queuedAt === undefined ? '' : `,"queuedAt":${queuedAt}`;
  const traced = extras?.trace === undefined ? '' : `,"trace":${quoted(extras.trace)}`;
  return `${sender}${identity},"attempt":${attempt}${server}${queued}${encodeTimes(handling)}${traced}`;
}

/** Those of the last result: a batch was taken at once, and most of it ends in the same millisecond. */
let lastTakenAt: number | undefined;
let lastResolvedAt: number | undefined;
let lastTimes = '';

function encodeTimes({ takenAt, resolvedAt }: Handling): string {
  if (takenAt !== lastTakenAt || resolvedAt !== lastResolvedAt) {
    lastTakenAt = takenAt;
    lastResolvedAt = resolvedAt;
    lastTimes = takenAt === undefined ? '' : `,"takenAt":${takenAt}`;
    if (resolvedAt !== undefined) lastTimes += `,"resolvedAt":${resolvedAt}`;
  }
  return lastTimes;
}

function encodeResult(
  source: ResultSource,
  tail: string,
  batch: readonly Outcome[],
  single: boolean,
): ByteText {
  const first = batch[0];
  if (!first) throw new TypeError('A result needs an outcome.');
  const receiver = batch.length === 1 ? `,"receiver":${encodeAddress(first.address)}` : '';
  const receivers = single
    ? ''
    : `,"receivers":[${batch.map((outcome) => encodeReceiver(outcome, first)).join(',')}]`;
  const reason = first.reason === undefined ? '' : `,"reason":"${first.reason}"`;
  const how = `,"stage":"${first.stage}"${reason}`;
  return flat(
    `{"code":${codeOf(first)},"data":${source.dataText}${receiver}${receivers}${tail}${how}}` as ByteText,
  );
}

/** Stage and reason are said once for the batch, and again only where a receiver differs. */
function encodeReceiver({ address, stage, reason }: Outcome, first: Outcome): string {
  const plain = encodeAddress(address);
  if (stage === first.stage && reason === first.reason) return plain;
  const reasonText = reason === undefined ? '' : `,"reason":"${reason}"`;
  return `${plain.slice(0, -1)},"stage":"${stage}"${reasonText}}`;
}

/** Reads a result, ours or Java's. Throws a {@link ScanError} that says what is wrong. */
export function decodeResult(text: ByteText): Result {
  const own = decodeOwnResult(text, 0);
  return own && endOfOwnResult() === text.length ? own : decodeAnyResult(text);
}

// What `encodeResult` writes for one receiver, but for rare characters: before `data`, and behind it.
const ownHead = /\{"code":(\d{1,4}),"data":/y;
const ownTail =
  /,"receiver":\{"id":(?:(-?\d{1,19})|"([\w.@-]{1,64})"),"terminal":(-?\d{1,9})\}(?:,"sender":(\{"id":(?:-?\d{1,19}|"[\w.@-]{1,64}"),"terminal":-?\d{1,9}\}))?(?:,"messageId":"([\w:.@-]{1,128})")?,"attempt":(\d{1,15})(?:,"server":(\d{1,15}))?(?:,"queuedAt":(\d{1,15}))?(?:,"takenAt":(\d{1,15}))?(?:,"resolvedAt":(\d{1,15}))?,"stage":"([a-z]{1,20})"(?:,"reason":"([A-Z_]{1,30})")?\}/y;

/** Like our own entries, our own results are recognised by their shape; `ownTail` stands behind it then. Undefined for others. */
export function decodeOwnResult(text: ByteText, at: number): Result | undefined {
  ownHead.lastIndex = at;
  const head = ownHead.exec(text);
  if (!head) return undefined;
  const dataAt = ownHead.lastIndex;
  const dataEnd = valueEnd(text, dataAt);
  ownTail.lastIndex = dataEnd;
  const tail = dataEnd < 0 ? null : ownTail.exec(text);
  const code = readCode(head[1]);
  const stage = stages.find((known) => known === tail?.[11]);
  if (!tail || stage === undefined) return undefined;
  const reason = code === ResultCode.SUCCESS ? undefined : (knownReason(tail[12]) ?? plainReason(code));
  const address = { id: tail[1] ?? tail[2] ?? '', terminal: Number(tail[3]) };
  const number = (place: number): number | undefined =>
    tail[place] === undefined ? undefined : Number(tail[place]);
  return {
    code,
    outcomes: [{ address, stage, reason }],
    dataText: text.slice(dataAt, dataEnd) as ByteText,
    senderText: tail[4] as ByteText | undefined,
    messageId: tail[5],
    attempt: number(6) ?? 1,
    serverId: number(7),
    queuedAt: number(8),
    takenAt: number(9),
    resolvedAt: number(10),
    last: false,
  };
}

/** Where the one ends that was read last. */
export function endOfOwnResult(): number {
  return ownTail.lastIndex;
}

function valueEnd(text: string, start: number): number {
  try {
    return skipValue(text, start);
  } catch {
    return -1; // The slow way says what is wrong.
  }
}

function decodeAnyResult(text: ByteText): Result {
  const members = scanObject(text);
  const code = readCode(members.get('code'));
  const stage = readStage(members.get('stage')) ?? (code === ResultCode.SUCCESS ? 'handed' : 'queued');
  const reason =
    code === ResultCode.SUCCESS ? undefined : (readReason(members.get('reason')) ?? plainReason(code));
  const counted = readNumber(members.get('count'));
  const outcomes: Outcome[] = [];
  const receivers = members.get('receivers');
  const receiver = members.get('receiver');
  if (receivers !== undefined && receivers !== 'null') {
    const plain = readPlainAddresses(receivers, 1);
    if (plain?.end === receivers.length) {
      for (const address of plain.addresses) outcomes.push({ address, stage, reason });
    } else eachItemOf(receivers, (item) => outcomes.push(readOutcome(item, stage, reason)));
  } else if (receiver !== undefined && receiver !== 'null') {
    outcomes.push({ address: readAddress(receiver), stage, reason });
  }
  return {
    code,
    outcomes,
    dataText: (members.get('data') ?? 'null') as ByteText,
    senderText: members.get('sender') as ByteText | undefined,
    messageId: readText(members.get('messageId')),
    attempt: readNumber(members.get('attempt')) ?? 1,
    serverId: readNumber(members.get('server')),
    queuedAt: readNumber(members.get('queuedAt')),
    takenAt: readNumber(members.get('takenAt')),
    resolvedAt: readNumber(members.get('resolvedAt')),
    last: members.get('last') === 'true',
    ...(members.has('trace') && { trace: readText(members.get('trace')) }),
    keptKind: messageKinds.find((kind) => members.get('kind') === `"${kind}"`),
    ...(counted !== undefined && { counted: { count: counted, stage, reason } }),
  };
}

function readOutcome(item: string, stage: Stage, reason: Reason | undefined): Outcome {
  const address = readAddress(item);
  if (!item.includes('"stage"')) return { address, stage, reason };
  const members = scanObject(item);
  return {
    address,
    stage: readStage(members.get('stage')) ?? stage,
    reason: readReason(members.get('reason')) ?? reason,
  };
}

function readCode(text: string | undefined): ResultCode {
  const code = codeOrder.find((known) => String(known) === text?.replaceAll('"', ''));
  if (code === undefined)
    throw new ScanError(`code is ${text ?? 'missing'}, expected ${codeOrder.join(', ')}`, 0);
  return code;
}

function plainReason(code: ResultCode): Reason {
  if (code === ResultCode.NOT_ONLINE) return 'NOT_ONLINE';
  return code === ResultCode.NOT_FIND_CHANNEL ? 'NO_CHANNEL' : 'UNKNOWN';
}

function readStage(text: string | undefined): Stage | undefined {
  return stages.find((stage) => `"${stage}"` === text);
}

function readReason(text: string | undefined): Reason | undefined {
  return knownReason(text?.slice(1, -1));
}

function knownReason(name: string | undefined): Reason | undefined {
  return name !== undefined && Object.hasOwn(codeOfReason, name) ? (name as Reason) : undefined;
}

function readText(text: string | undefined): string | undefined {
  return text?.startsWith('"') ? (JSON.parse(fromByteText(text)) as string) : undefined;
}

function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
