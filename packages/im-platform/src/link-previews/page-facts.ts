import type { Parser } from 'htmlparser2';
import { isAskable } from './bounded-get.ts';
import { readable } from './readable.ts';

/** What a page says of itself. */
export interface PageFacts {
  readonly title: string | null;
  readonly description: string | null;
  /** Where its picture is; the icon of its site when it has none of its own. */
  readonly picture: URL | undefined;
}

interface Page {
  readonly body: Buffer;
  readonly charset: string | undefined;
  readonly url: URL;
}

const longestTitle = 150;
const longestDescription = 300;
const titles = ['og:title', 'twitter:title'] as const;
const descriptions = ['og:description', 'twitter:description', 'description'] as const;
const pictures = [
  ...['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src'],
];
const named: ReadonlySet<string> = new Set([...titles, ...descriptions, ...pictures]);
const icons: ReadonlySet<string> = new Set(['apple-touch-icon', 'apple-touch-icon-precomposed', 'icon']);
/** Where a page says in which script it is written, as browsers look for it. */
const beginning = 1_024;
/** So much is parsed before it is asked whether the head is over. */
const step = 16_384;
const longestName = 1_000;

/** Where nobody asks for previews it is never loaded. */
type ParserClass = typeof Parser;

export async function readPage({ body, charset, url }: Page): Promise<PageFacts> {
  const { Parser: Class } = await import('htmlparser2');
  const { said, title, icon } = readHead(decode(body, charset, Class), Class);
  const first = (names: readonly string[]): string | undefined =>
    names.map((name) => said.get(name)).find((text) => text !== undefined && text.trim() !== '');
  return {
    title: readable(first(titles) ?? title, longestTitle),
    description: readable(first(descriptions), longestDescription),
    picture: toUrl(first(pictures) ?? icon, url),
  };
}

interface Head {
  readonly said: ReadonlyMap<string, string>;
  readonly title: string;
  readonly icon: string | undefined;
}

function readHead(text: string, Class: ParserClass): Head {
  const said = new Map<string, string>();
  let [title, isInTitle, isOver] = ['', false, false];
  let hasTitle = false;
  let icon: string | undefined;
  const parser = new Class({
    onopentag(name, { property, name: called, content, rel = '', href }) {
      if (isOver) return;
      const key = (property ?? called ?? '').toLowerCase();
      if (name === 'body') isOver = true;
      else if (name === 'title') isInTitle = !hasTitle;
      else if (name === 'meta' && named.has(key) && content !== undefined && !said.has(key))
        said.set(key, content);
      else if (
        name === 'link' &&
        rel
          .toLowerCase()
          .split(/\s+/)
          .some((one) => icons.has(one))
      )
        icon ??= href;
    },
    ontext(piece) {
      if (isInTitle && title.length < longestName) title += piece;
    },
    onclosetag(name) {
      if (name === 'head') isOver = true;
      if (name !== 'title') return;
      hasTitle ||= isInTitle;
      isInTitle = false;
    },
  });
  for (let at = 0; at < text.length && !isOver; at += step) parser.write(text.slice(at, at + step));
  return { said, title, icon };
}

function decode(body: Buffer, charset: string | undefined, Class: ParserClass): string {
  // Of UTF-16 there is a mark at the beginning, or the line says so.
  const mark = marks.find(({ bytes }) => body.subarray(0, bytes.length).equals(bytes))?.label;
  const label = mark ?? charset ?? charsetIn(body.subarray(0, beginning).toString('latin1'), Class);
  return decoderOf(label).decode(body);
}

const marks = [
  { bytes: Buffer.from([0xef, 0xbb, 0xbf]), label: 'utf-8' },
  { bytes: Buffer.from([0xfe, 0xff]), label: 'utf-16be' },
  { bytes: Buffer.from([0xff, 0xfe]), label: 'utf-16le' },
] as const;

function decoderOf(label = 'utf-8'): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label.replace(/^"(.*)"$/, '$1'));
  } catch {
    return new TextDecoder();
  }
}

function charsetIn(text: string, Class: ParserClass): string | undefined {
  let found: string | undefined;
  const parser = new Class({
    onopentag(name, { charset, content = '' }) {
      if (name === 'meta') found ??= charset ?? /charset=\s*([\w-]+)/i.exec(content)?.[1];
    },
  });
  parser.write(text);
  // It could be read this far.
  return found !== undefined && /^utf-16/i.test(found) ? 'utf-8' : found;
}

function toUrl(text: string | undefined, page: URL): URL | undefined {
  const trimmed = text?.trim();
  if (trimmed === undefined || trimmed === '' || !URL.canParse(trimmed, page.href)) return undefined;
  const url = new URL(trimmed, page);
  return isAskable(url) ? url : undefined;
}
