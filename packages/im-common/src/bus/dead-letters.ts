import { createHash, randomBytes } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import type { Lists } from './bus.ts';
import { fromByteText, toByteText, type ByteText } from './byte-text.ts';
import { Producer } from './produce.ts';

/** What could not be done with one entry of a list, kept for people to look at. */
export interface DeadLetter {
  /** Names this letter, in its list. */
  readonly id: string;
  /** The list that the entry came from, and goes back to when it is replayed. */
  readonly list: string;
  /** Why it could not be done. */
  readonly why: string;
  /** Who could not: a server, a listener. */
  readonly by: string;
  /** When, in epoch milliseconds. */
  readonly at: number;
  /** The entry. Absent when it is not UTF-8. */
  readonly text?: string | undefined;
  /** The entry, when it is not UTF-8. */
  readonly base64?: string | undefined;
}

const keptMs = 7 * 86_400_000;
/** On one list. */
const mostDeadLetterBytes = 67_108_864;

/** Puts dead letters on their lists: the newest `most` of each, and 64 MiB of them, stay there for a week. */
export function deadLetterProducer(lists: Lists, options: { most: number; timeoutMs: number }): Producer {
  const { most, timeoutMs } = options;
  return new Producer(lists, {
    maxLength: most,
    maxBytes: mostDeadLetterBytes,
    whenFull: 'drop-oldest',
    ttlMs: keptMs,
    timeoutMs,
    maxBatch: 100,
  });
}

/** A dead letter as it stands on its list, `{"id":…,"list":…,"why":…,"by":…,"at":…,"text":…}`. */
export function encodeDeadLetter(about: Pick<DeadLetter, 'list' | 'why' | 'by'>, entry: ByteText): ByteText {
  const id = randomBytes(9).toString('base64url');
  const { list, why, by } = about;
  const bytes = Buffer.from(entry, 'latin1');
  const content = isUtf8(bytes) ? { text: fromByteText(entry) } : { base64: bytes.toString('base64') };
  return toByteText(JSON.stringify({ id, list, why, by, at: Date.now(), ...content }));
}

/** Of a letter that is none, as somebody's hands may have put it there, a letter that says so. */
export function decodeDeadLetter(letter: ByteText): DeadLetter {
  const read = readLetter(fromByteText(letter));
  if (read) return read;
  const id = createHash('sha256').update(letter).digest('base64url').slice(0, 12);
  return { id, list: '', why: 'this is no dead letter', by: '', at: 0, text: fromByteText(letter) };
}

/** The entry that a letter is about; undefined when it holds none. */
export function entryOf({ text, base64 }: DeadLetter): ByteText | undefined {
  if (text !== undefined) return toByteText(text);
  return base64 === undefined ? undefined : (Buffer.from(base64, 'base64').toString('latin1') as ByteText);
}

function readLetter(letter: string): DeadLetter | undefined {
  let value: unknown;
  try {
    value = JSON.parse(letter);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, list, why, by, at, text, base64 } = value as Record<string, unknown>;
  if (typeof id !== 'string' || typeof list !== 'string' || typeof why !== 'string') return undefined;
  if (typeof by !== 'string' || typeof at !== 'number') return undefined;
  if (typeof text === 'string') return { id, list, why, by, at, text };
  return typeof base64 === 'string' ? { id, list, why, by, at, base64 } : undefined;
}
