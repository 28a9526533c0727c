import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Chat } from 'im-chat';
import { newChromiumContext, onCleanup } from 'im-test/support';
import type { BrowserContext, Page } from 'playwright-core';

/** What a page of ours has on its `window`. */
export interface ChatPage {
  chat: Chat;
  /** Opens the chat of somebody; signs in if nobody is. */
  begin(userName: string, password: string, imUrl: string): Promise<void>;
  /** Writes numbered texts until it is told to stop. */
  write(conversationId: string, name: string): void;
  /** Edits, reacts to, pins and takes back what stands in a conversation, until it is told to stop. */
  change(conversationId: string): void;
  /** Ends both. */
  stopWriting(): void;
  /** How many changes were begun, on whatever page of this device. */
  changes(): number;
  /** Resolves when the page is online and nothing waits to be sent. */
  settled(): Promise<void>;
  /** What was stored on this device to be sent, on whatever page of it. */
  written(name: string): string[];
}

/** A folder with a page of these files beside this one, with im-chat in it, as an application would build it, for the platform to serve. */
export async function pageFolder(...files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-chat-page-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  await build({
    stdin: {
      contents: files.map((file) => `import './${file}';`).join('\n'),
      resolveDir: import.meta.dirname,
    },
    ...{ bundle: true, format: 'esm', target: 'chrome120', conditions: ['im-source'] },
    define: { 'process.env.NODE_ENV': '"development"' },
    outfile: join(folder, 'page.js'),
  });
  const body = '<div id="vue"></div><div id="react"></div><script type="module" src="page.js"></script>';
  const html = `<!doctype html><title>im-chat</title>${body}`;
  await writeFile(join(folder, 'index.html'), html);
  return folder;
}

/** A browser of its own: nothing is shared with the others. */
export async function openBrowser(): Promise<BrowserContext> {
  return newChromiumContext();
}

export async function openPage(browser: BrowserContext, url: string): Promise<Page> {
  const page = await browser.newPage();
  // The machine may be busy.
  page.setDefaultNavigationTimeout(120_000);
  page.on('pageerror', (error) => console.error('page:', error));
  await page.goto(url);
  return page;
}

/** Runs in the page, with what it has. */
export function inPage<Result, Given>(
  page: Page,
  run: (window: ChatPage, given: Given) => Result,
  given?: Given,
): Promise<Awaited<Result>> {
  return page.evaluate(`(${String(run)})(globalThis, ${JSON.stringify(given ?? null)})`);
}
