import type { ByteText } from './byte-text.ts';
import { flat } from './byte-text.ts';
import { eachItemOf } from './json-scan.ts';
import { decodeOwnResult, decodeResult, endOfOwnResult, type Result } from './result.ts';

/*
 * What a server has to tell one instance in one turn is one entry of its list: an array of results. Every entry costs
 * Redis, the server and the instance its keeping in flight and its acknowledgement, which is more than what is in it.
 */

/** Limits that count entries, of lists and of what is taken at once, must go on meaning something. */
export const mostPerPack = 16;
const mostPackBytes = 16_384;

const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/** The entries that carry these results to an instance. */
export function packResults(results: readonly ByteText[]): ByteText[] {
  const packs: ByteText[] = [];
  for (let first = 0; first < results.length;) {
    let end = first;
    let bytes = 0;
    while (end < results.length && end - first < mostPerPack && bytes < mostPackBytes) {
      bytes += results[end]?.length ?? 0;
      end += 1;
    }
    const some = results.slice(first, end);
    const [only] = some;
    packs.push(only !== undefined && some.length === 1 ? only : flat(`[${some.join(',')}]` as ByteText));
    first = end;
  }
  return packs;
}

/** Reads an entry of a result list: one result or a pack. Throws a `ScanError` that says what is wrong. */
export function decodeResults(text: ByteText): Result[] {
  if (text.charCodeAt(0) !== openBracket) return [decodeResult(text)];
  const results: Result[] = [];
  for (let at = 1; ;) {
    const result = decodeOwnResult(text, at);
    if (!result) return decodeAnyPack(text);
    results.push(result);
    at = endOfOwnResult();
    const next = text.charCodeAt(at);
    if (next === closeBracket && at === text.length - 1) return results;
    if (next !== comma) return decodeAnyPack(text);
    at += 1;
  }
}

function decodeAnyPack(text: ByteText): Result[] {
  const results: Result[] = [];
  eachItemOf(text, (item) => results.push(decodeResult(item as ByteText)));
  return results;
}
