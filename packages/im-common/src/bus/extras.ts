import { fromByteText, toByteText, type ByteText } from './byte-text.ts';
import { scanObject, ScanError } from './json-scan.ts';

/**
 * What an entry has beyond an ordinary message (PROTOCOL.md, P-6.12), in one flat object that ordinary entries do not have. Written
 * only for servers that say that they know the feature.
 */
export interface EntryExtras {
  /** Instead of `receivers`: the devices here whose users are in the topic. */
  readonly topic?: string;
  /** Of a topic: `id:terminal` of those who do not get it. */
  readonly except?: readonly string[];
  /** Of a topic: a result names each member, and does not only count them. */
  readonly trackMembers?: boolean;
  /** An order, and no message: users who are in the topic from now on, … */
  readonly joins?: readonly string[];
  /** … or not any more, … */
  readonly leaves?: readonly string[];
  /** … by which change. */
  readonly change?: number;
  /** When senders were told that this server has members. */
  readonly toldAt?: number;
  /** Of a topic that keeps messages: which one this is, … */
  readonly number?: number;
  /** … and in which count. A topic that begins to count again has another one. */
  readonly epoch?: string;
  /** What fails is kept for so long … */
  readonly keepMs?: number;
  /** … beside so many. */
  readonly keepMost?: number;
  /** On the clock of the bus: nobody is given it afterwards. */
  readonly expiresAt?: number;
  /** It takes the place of older ones with the same key. */
  readonly replaces?: string;
  /** A copy for other sessions of the receivers: nobody is told what becomes of it, and it goes nowhere else. */
  readonly also?: boolean;
  /** Servers whose sessions of the receiver have not proved it. */
  readonly tried?: readonly string[];
  /** It goes before the others. */
  readonly high?: boolean;
  /** Of a request, which is no message: for this session of the receiver alone. */
  readonly session?: string;
  /** Of a message that is traced: what its send is known by (P-6.14). */
  readonly trace?: string;
}

type Name = keyof EntryExtras;
type KindOf<T> = T extends string
  ? 'text'
  : T extends number
    ? 'integer'
    : T extends boolean
      ? 'flag'
      : 'texts';

/** Each member is of one kind; what is not here is somebody else's extension, and ignored. */
const kinds: { readonly [Key in Name]-?: KindOf<NonNullable<EntryExtras[Key]>> } = {
  topic: 'text',
  except: 'texts',
  trackMembers: 'flag',
  joins: 'texts',
  leaves: 'texts',
  change: 'integer',
  toldAt: 'integer',
  number: 'integer',
  epoch: 'text',
  keepMs: 'integer',
  keepMost: 'integer',
  expiresAt: 'integer',
  replaces: 'text',
  also: 'flag',
  tried: 'texts',
  high: 'flag',
  session: 'text',
  trace: 'text',
};

type Kind = (typeof kinds)[Name];

const isOfKind: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  integer: (value) => Number.isSafeInteger(value),
  flag: (value) => typeof value === 'boolean',
  texts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};

export function encodeExtras(extras: EntryExtras): ByteText {
  return toByteText(JSON.stringify(extras));
}

/** Throws a {@link ScanError} that says what is wrong. */
export function readExtras(text: ByteText): EntryExtras {
  if (!text.startsWith('{')) throw new ScanError(`x is ${text.slice(0, 40)}, expected an object`, 0);
  const extras: Record<string, unknown> = {};
  for (const [name, valueText] of scanObject(text)) {
    if (!Object.hasOwn(kinds, name) || valueText === 'null') continue;
    const kind = kinds[name as Name];
    const value: unknown = JSON.parse(fromByteText(valueText));
    if (!isOfKind[kind](value)) {
      throw new ScanError(`x.${name} is ${valueText.slice(0, 40)}, expected ${expected[kind]}`, 0);
    }
    extras[name] = value;
  }
  return extras;
}

const expected: Readonly<Record<Kind, string>> = {
  text: 'a text',
  integer: 'an integer',
  flag: 'true or false',
  texts: 'a list of texts',
};
