// Whether each link of a built site leads to a page, and to a heading of it. VitePress looks for the pages alone, and for those in Markdown.
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

interface Page {
  readonly path: string;
  readonly anchors: ReadonlySet<string>;
  readonly targets: readonly string[];
}

interface LookedAt {
  readonly pages: number;
  readonly links: number;
  readonly dead: readonly string[];
}

export async function deadLinksOf(folder: string, base: string): Promise<LookedAt> {
  const names = await readdir(folder, { recursive: true });
  const pages = await Promise.all(
    names
      .filter((name) => name.endsWith('.html'))
      .map((name) => readPage(folder, name.replaceAll('\\', '/'), base)),
  );
  const known = new Map(pages.map((page) => [page.path, page]));
  const whyDead = (target: string, from: Page): string | undefined => {
    const { pathname, hash } = new URL(target, `http://site${from.path}`);
    const path = decodeURI(pathname).replace(/\/$/, '/index.html');
    const page = known.get(path);
    if (!page)
      return existsSync(join(folder, path.slice(base.length))) ? undefined : `${target} is not there`;
    const anchor = decodeURIComponent(hash.slice(1));
    return anchor === '' || page.anchors.has(anchor) ? undefined : `${target} has no such heading`;
  };
  const dead = pages.flatMap((page) =>
    page.targets
      .map((target) => whyDead(target, page))
      .filter((why) => why !== undefined)
      .map((why) => `${page.path}: ${why}`),
  );
  const links = pages.reduce((sum, { targets }) => sum + targets.length, 0);
  return { pages: pages.length, links, dead };
}

async function readPage(folder: string, name: string, base: string): Promise<Page> {
  const html = await readFile(join(folder, name), 'utf8');
  const all = (pattern: RegExp): string[] =>
    Array.from(html.matchAll(pattern), ([, found = '']) => found.replaceAll('&amp;', '&'));
  return {
    path: base + name,
    anchors: new Set(all(/ id="([^"]*)"/g)),
    targets: Array.from(new Set(all(/<(?:a|img)[^>]* (?:href|src)="([^"]*)"/g))).filter(
      (to) => !/^\w+:/.test(to),
    ),
  };
}
