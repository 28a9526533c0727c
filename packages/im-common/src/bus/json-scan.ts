/**
 * Finds the parts of a JSON text without parsing it: `data` must leave the server byte for byte, 64-bit ids must not
 * become doubles, and skipping a value costs a tenth of parsing it. The scan is strict: what it lets through is JSON,
 * nested at most {@link maxDepth} deep.
 */

export const maxDepth = 200;

/** Text that is not JSON, or JSON of the wrong shape. `at` is the offset in bytes. */
export class ScanError extends Error {
  readonly at: number;

  constructor(problem: string, at: number) {
    super(`${problem} at byte ${at}`);
    this.at = at;
  }
}

const space = /[ \t\n\r]*/y;
// Runs of plain characters, and whole escapes: the engine's own loop is faster than one over charCodeAt. It keeps a way
// back for every escape, and with some hundred thousand of them exhausts its stack; hence the bound.
// eslint-disable-next-line no-control-regex -- JSON forbids exactly these inside a string
const stringPart = /[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*){0,1000}/y;
const numberOrWord = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

// Most payloads are such objects, and one expression costs less than one for each key and value. Bounded as above.
const flatObject =
  // eslint-disable-next-line no-control-regex -- as above
  /\{(?:"[^"\\\x00-\x1f]*":(?:"[^"\\\x00-\x1f]*"|-?(?:0|[1-9]\d*)|true|false|null)(?:,(?=")|(?=\}))){0,100}\}/y;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function skipSpace(text: string, at: number): number {
  // Compact JSON has none: look at one character before asking the engine.
  return text.charCodeAt(at) > 0x20 ? at : match(space, text, at);
}

function skipString(text: string, at: number): number {
  if (text.charCodeAt(at) !== quote) throw new ScanError('Expected a string', at);
  for (let end = at + 1; ;) {
    const partEnd = match(stringPart, text, end);
    if (text.charCodeAt(partEnd) === quote) return partEnd + 1;
    if (partEnd === end) throw new ScanError('Expected a string', at);
    end = partEnd;
  }
}

/** Where the value that starts at `at` ends. */
export function skipValue(text: string, at: number, depth = 0): number {
  if (depth > maxDepth) throw new ScanError(`Nested deeper than ${maxDepth}`, at);
  switch (text.charCodeAt(at)) {
    case quote:
      return skipString(text, at);
    case openBrace: {
      const end = depth < maxDepth ? match(flatObject, text, at) : -1;
      return end < 0 ? eachMember(text, at, depth, ignore) : end;
    }
    case openBracket:
      return eachItem(text, at, depth, ignore);
    default: {
      const end = match(numberOrWord, text, at);
      if (end < 0) throw new ScanError('Expected a JSON value', at);
      return end;
    }
  }
}

function ignore(): void {
  // Members and items of a skipped value are of no interest.
}

function eachMember(
  text: string,
  start: number,
  depth: number,
  visit: (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => void,
): number {
  let at = skipSpace(text, start + 1);
  if (text.charCodeAt(at) === closeBrace) return at + 1;
  for (;;) {
    const keyStart = at;
    const keyEnd = skipString(text, at);
    at = skipSpace(text, keyEnd);
    if (text.charCodeAt(at) !== colon) throw new ScanError('Expected ":"', at);
    const valueStart = skipSpace(text, at + 1);
    const valueEnd = skipValue(text, valueStart, depth + 1);
    visit(keyStart, keyEnd, valueStart, valueEnd);
    at = skipSpace(text, valueEnd);
    const next = text.charCodeAt(at);
    if (next === closeBrace) return at + 1;
    if (next !== comma) throw new ScanError('Expected "," or "}"', at);
    at = skipSpace(text, at + 1);
  }
}

function eachItem(
  text: string,
  start: number,
  depth: number,
  visit: (valueStart: number, valueEnd: number) => void,
): number {
  let at = skipSpace(text, start + 1);
  if (text.charCodeAt(at) === closeBracket) return at + 1;
  for (;;) {
    const valueStart = at;
    const valueEnd = skipValue(text, at, depth + 1);
    visit(valueStart, valueEnd);
    at = skipSpace(text, valueEnd);
    const next = text.charCodeAt(at);
    if (next === closeBracket) return at + 1;
    if (next !== comma) throw new ScanError('Expected "," or "]"', at);
    at = skipSpace(text, at + 1);
  }
}

function expectEnd(text: string, end: number): void {
  const rest = skipSpace(text, end);
  if (rest < text.length) throw new ScanError('Unexpected text after the value', rest);
}

function plainKey(text: string, start: number, end: number): string {
  const key = text.slice(start + 1, end - 1);
  return key.includes('\\') ? (JSON.parse(`"${key}"`) as string) : key;
}

/** Calls `visit` with every member of a JSON object: the key, and the raw text of the value. */
export function eachMemberOf(text: string, visit: (key: string, value: string) => void): void {
  const start = skipSpace(text, 0);
  if (text.charCodeAt(start) !== openBrace) throw new ScanError('Expected a JSON object', start);
  const end = eachMember(text, start, 0, (keyStart, keyEnd, valueStart, valueEnd) => {
    visit(plainKey(text, keyStart, keyEnd), text.slice(valueStart, valueEnd));
  });
  expectEnd(text, end);
}

/** Calls `visit` with the raw text of every item of a JSON array. */
export function eachItemOf(text: string, visit: (item: string) => void): void {
  const start = skipSpace(text, 0);
  if (text.charCodeAt(start) !== openBracket) throw new ScanError('Expected a JSON array', start);
  const end = eachItem(text, start, 0, (valueStart, valueEnd) => {
    visit(text.slice(valueStart, valueEnd));
  });
  expectEnd(text, end);
}

/** The members of a JSON object, key to raw text. As in every JSON parser, the last of two equal keys counts. */
export function scanObject(text: string): Map<string, string> {
  const members = new Map<string, string>();
  eachMemberOf(text, (key, value) => members.set(key, value));
  return members;
}

/** Calls `visit` with the place of every string, quotes included, of a text that is known to be JSON. */
export function eachStringOf(
  text: string,
  visit: (start: number, end: number, isKey: boolean) => void,
): void {
  // Outside of strings there are no quotes.
  for (let at = text.indexOf('"'); at >= 0;) {
    const end = skipString(text, at);
    visit(at, end, text.charCodeAt(skipSpace(text, end)) === colon);
    at = text.indexOf('"', end);
  }
}

function scanArray(text: string): string[] {
  const items: string[] = [];
  eachItemOf(text, (item) => items.push(item));
  return items;
}

/**
 * Follows a fastjson pointer such as `$.receivers[0]` or `$.data.from` from the root of an entry, and returns the raw
 * text that it points to (contract B.1: Java writes an object that occurs twice as `{"$ref":"<path>"}`).
 */
export function resolveReference(root: string, path: string): string {
  let value = root;
  const steps = /\.([^.[\]]+)|\[(\d+)\]/y;
  steps.lastIndex = 1;
  if (!path.startsWith('$')) throw new ScanError(`Cannot follow the reference ${path}`, 0);
  while (steps.lastIndex < path.length) {
    const step = steps.exec(path);
    if (!step) throw new ScanError(`Cannot follow the reference ${path}`, 0);
    const [, key, index] = step;
    const found = key === undefined ? scanArray(value)[Number(index)] : scanObject(value).get(key);
    if (found === undefined) throw new ScanError(`The reference ${path} points to nothing`, 0);
    value = found;
  }
  return value;
}
