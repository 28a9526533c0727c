import { ImError } from 'im-common';
import { ScanError, skipValue, toByteText, type ByteText } from 'im-common/bus';

/** JSON that is text already; see {@link jsonText}. */
export class JsonText {
  /** @internal */
  readonly bytes: ByteText;

  /** @internal */
  constructor(bytes: ByteText) {
    this.bytes = bytes;
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
  const trimmed = text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '');
  try {
    const end = skipValue(trimmed, 0);
    if (end < trimmed.length) throw new ScanError('Unexpected text after the value', end);
  } catch (cause) {
    if (!(cause instanceof ScanError)) throw cause;
    throw new ImError('INVALID_ARGUMENT', `The text is not JSON: ${cause.message}.`, { cause });
  }
  return new JsonText(toByteText(trimmed));
}

/** What callers pass as `data`, as it goes onto the bus. */
export function toDataText(data: unknown): ByteText {
  if (data instanceof JsonText) return data.bytes;
  const text = stringify(data);
  if (text !== undefined) return toByteText(text);
  throw new ImError('INVALID_ARGUMENT', `data is of type ${typeof data}, which JSON cannot express.`);
}

/** Undefined for what JSON leaves out: undefined, functions, symbols. The library's types do not say so. */
function stringify(data: unknown): string | undefined {
  try {
    return JSON.stringify(data);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImError(
      'INVALID_ARGUMENT',
      `data cannot be written as JSON: ${reason}. Integers beyond 2^53 go through jsonText().`,
      { cause },
    );
  }
}
