import { isIntegerId } from 'im-common';
import type { ByteText } from 'im-common/bus';
import { eachStringOf, fromByteText } from 'im-common/internal/bus';
import { invalidArgument } from 'im-common/internal/checks';
import type { OutgoingMessage } from './outgoing-message.ts';

/**
 * Refuses what a server of box-im cannot read: its parser throws, and the list stops for ten seconds with the batch that
 * was taken lost, others' messages among it. Or it takes a key for an order to build a class (contract 0.2.21).
 */
export function refuseForJava({ senderId, dataText }: Pick<OutgoingMessage, 'senderId' | 'dataText'>): void {
  if (senderId !== undefined && !isIntegerId(senderId)) {
    throw invalidArgument(
      `sender.id is ${JSON.stringify(senderId)}, and a receiver is on a server of box-im, which knows only 64-bit integers.`,
    );
  }
  const problem = problemForJava(dataText);
  if (problem === undefined) return;
  throw invalidArgument(
    `data has ${problem}, and a receiver is on a server of box-im, which cannot read that.`,
  );
}

/** Its parser takes them for its own, also when they are written with escapes. */
const parserKeys: ReadonlySet<string> = new Set(['@type', '$ref']);

function problemForJava(dataText: ByteText): string | undefined {
  let problem: string | undefined;
  let gapStart = 0;
  eachStringOf(dataText, (start, end, isKey) => {
    if (hasUnreadableNumber(dataText.slice(gapStart, start))) problem ??= unreadableNumber;
    gapStart = end;
    problem ??= problemOfString(dataText.slice(start, end), isKey);
  });
  if (hasUnreadableNumber(dataText.slice(gapStart))) problem ??= unreadableNumber;
  return problem;
}

function problemOfString(quoted: string, isKey: boolean): string | undefined {
  const isEscaped = quoted.includes('\\');
  if (!isEscaped && !isKey) return undefined;
  const text = isEscaped ? (JSON.parse(fromByteText(quoted)) as string) : quoted.slice(1, -1);
  if (isKey && parserKeys.has(text)) return `the key ${text}`;
  return /\p{Surrogate}/u.test(text) ? 'half a surrogate pair' : undefined;
}

const unreadableNumber = 'a number with too many digits';
/** Java's buffer for a number. */
const longestNumber = 65_000;

/** What stands between two strings: numbers, words and brackets. */
function hasUnreadableNumber(gap: string): boolean {
  if (/[eE][+-]?\d{10}/.test(gap)) return true;
  return gap.length > longestNumber && gap.split(/[^\d.eE+-]/).some(({ length }) => length > longestNumber);
}
