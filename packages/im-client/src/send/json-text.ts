import type { ByteText } from 'im-common/bus';
import { ScanError, skipValue, toByteText } from 'im-common/internal/bus';
import { invalidArgument, reasonOf, show } from 'im-common/internal/checks';

/** JSON that is text already; see {@link jsonText}. */
export class JsonText {
  // Private, and checked where it is made: nothing else than JSON can be passed for one.
  readonly #bytes: ByteText;

  /** @internal */
  constructor(text: string) {
    if (typeof text !== 'string')
      throw invalidArgument(`The text is ${show(text)}; expected JSON as a text.`);
    const trimmed = withoutSpaceAround(text);
    // There is no UTF-8 for it: it would arrive as another character.
    if (/\p{Surrogate}/u.test(trimmed)) {
      throw invalidArgument('The text has half a surrogate pair; write it as an escape, such as \\ud83d.');
    }
    try {
      const end = skipValue(trimmed, 0);
      if (end < trimmed.length) throw new ScanError('Unexpected text after the value', end);
    } catch (cause) {
      if (!(cause instanceof ScanError)) throw cause;
      throw invalidArgument(`The text is not JSON: ${cause.message}.`, cause);
    }
    this.#bytes = toByteText(trimmed);
  }

  /** @internal */
  static bytesOf(data: unknown): ByteText | undefined {
    return typeof data === 'object' && data !== null && #bytes in data ? data.#bytes : undefined;
  }
}

/**
 * Marks a text as the JSON to send, byte for byte: 64-bit integers, key order and escapes arrive as they are written
 * here. Throws INVALID_ARGUMENT when the text is not JSON.
 *
 * @example
 * await im.sendPrivateMessage({ sender, recvId, data: jsonText('{"id":9007199254740993}') });
 */
export function jsonText(text: string): JsonText {
  return new JsonText(text);
}

/** Space as JSON has it; `trim()` takes more. Not an expression: it would look at each space in the middle again and again. */
function withoutSpaceAround(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && space.includes(text.charAt(start))) start += 1;
  while (start < end && space.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const space = ' \t\n\r';

/** What callers pass as `data`, as it goes onto the bus. */
export function toDataText(data: unknown): ByteText {
  const bytes = JsonText.bytesOf(data);
  if (bytes !== undefined) return bytes;
  const text = stringify(data);
  if (text !== undefined) return toByteText(text);
  throw invalidArgument(`data is ${show(data)}; expected anything that JSON can express.`);
}

/** Undefined for what JSON leaves out: undefined, functions, symbols. The library's types do not say so. */
function stringify(data: unknown): string | undefined {
  try {
    return JSON.stringify(data);
  } catch (cause) {
    const hint = 'Integers beyond 2^53 go through jsonText().';
    throw invalidArgument(`data cannot be written as JSON: ${reasonOf(cause)}. ${hint}`, cause);
  }
}
