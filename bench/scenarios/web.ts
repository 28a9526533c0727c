import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import { launchChromium } from 'im-test/support';
import { median, percentile } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';
import { barePage } from '../web/bare-page.ts';
import { startLargeChat } from '../web/large-chat.ts';
import { Tab, type Memory, type Watched } from '../web/tab.ts';

const viewport = { width: 1280, height: 800 };
/** As fast as somebody turns a wheel who looks for something. */
const pixelsPerSecond = 3_000;
const secondsOfScrolling = lots(5);
const keysPerSecond = 15;
const typed = 'It is a long way to the north gate, and nobody knows it as well as you. ';
/** Who scrolls for an hour, a screen each second, sees so many screens. */
const screensOfHour = lots(3_600);
const stretches = 6;

interface Act {
  readonly name: string;
  readonly ours: () => Promise<void>;
  readonly bare: () => Promise<void>;
}

/** The page in a browser, in a conversation of 100,000 messages beside a list of 1,000, and a page that does nothing beside it. */
export async function web(rounds: number): Promise<Table[]> {
  const browser = await launchChromium();
  const picture = await browser.newPage({ viewport });
  await picture.setContent(barePage());
  const chat = await startLargeChat(
    new Blob([new Uint8Array(await picture.screenshot())], { type: 'image/png' }),
  );
  await picture.close();
  try {
    const bare = await Tab.of(await browser.newPage({ viewport }));
    await bare.page.goto('about:blank');
    await bare.page.setContent(barePage());
    await bare.page.evaluate('document.querySelector("[role=log]").scrollTop = 1e9');
    const ours = await Tab.of(await browser.newPage({ viewport }));
    const opening = await open(ours, chat.url);
    const frames = await measureFrames(ours, bare, (signal) => chat.chatter(10, signal), rounds);
    return [opening, frames, await scrollForAnHour(ours)];
  } finally {
    await browser.close();
    await chat.close();
  }
}

const log = ({ page }: Tab): Locator => page.getByRole('log');
const list = ({ page }: Tab): Locator => page.getByRole('navigation', { name: 'Conversations' });
const field = ({ page }: Tab): Locator => page.getByRole('textbox', { name: 'Message' });

async function open(tab: Tab, url: string): Promise<Table> {
  const { page } = tab;
  const rows: Table['rows'][number][] = [];
  const timed = async (name: string, act: () => Promise<void>): Promise<void> => {
    const startedAt = performance.now();
    await act();
    rows.push([name, performance.now() - startedAt]);
  };
  const first = list(tab).getByRole('link').first();
  const asAnn = page.getByRole('button', { name: 'Sign in as Ann' });
  await timed('for the first time, until one may sign in', async () => {
    await page.goto(url);
    await asAnn.waitFor();
  });
  await timed('signed in, until there is a list', async () => {
    await asAnn.click();
    await first.waitFor();
  });
  // The rest of the 1,000, and their names.
  await sleep(8_000);
  await timed('opened again, until there is a list', async () => {
    await page.reload();
    await first.waitFor();
  });
  await timed('a conversation, until there are messages', async () => {
    await list(tab).getByRole('link', { name: /^Bob/ }).click();
    await log(tab).getByRole('article').last().waitFor();
  });
  await sleep(3_000);
  return {
    title: 'Opening',
    note: '1,000 conversations, one of 100,000 messages; server and browser share the machine.',
    columns: ['what', 'ms'],
    rows,
  };
}

async function measureFrames(
  ours: Tab,
  bare: Tab,
  chatter: (signal: AbortSignal) => Promise<void>,
  rounds: number,
): Promise<Table> {
  const pixels = secondsOfScrolling * pixelsPerSecond;
  const type = (tab: Tab) => async (): Promise<void> => {
    await field(tab).focus();
    await tab.page.keyboard.type(typed, { delay: 1_000 / keysPerSecond });
  };
  const scrolling = (name: string, what: typeof log, distance: number): Act => ({
    name,
    ours: () => ours.scroll(what(ours), distance, pixelsPerSecond),
    bare: () => bare.scroll(log(bare), distance, pixelsPerSecond),
  });
  const acts: readonly Act[] = [
    scrolling('the conversation, up', log, -pixels),
    scrolling('the conversation, down', log, pixels),
    scrolling('the list of conversations, down', list, pixels),
    scrolling('the list of conversations, up', list, -pixels),
    { name: 'typing', ours: type(ours), bare: type(bare) },
    {
      name: 'typing while ten messages a second come',
      async ours() {
        const stop = new AbortController();
        const coming = chatter(stop.signal);
        await type(ours)();
        stop.abort();
        await coming;
      },
      bare: type(bare),
    },
  ];
  const all = new Map<string, Watched[]>();
  for (let round = 0; round <= rounds; round += 1) {
    console.log(`frames, round ${round} of ${rounds}`);
    for (const tab of [ours, bare]) await field(tab).fill('');
    for (const act of acts) {
      for (const [name, tab, of] of [
        [act.name, ours, act.ours],
        [`${act.name}: a bare page`, bare, act.bare],
      ] as const) {
        const watched = await tab.watch(of);
        // The first round warms up.
        if (round > 0) all.set(name, [...(all.get(name) ?? []), watched]);
      }
    }
  }
  return {
    title: 'Frames',
    note: `Scrolled at ${pixelsPerSecond} pixels/s for ${secondsOfScrolling} s, typed at ${keysPerSecond} keys/s. Medians of ${rounds} rounds.`,
    columns: [
      'what',
      'dropped %',
      'p50 ms',
      'p99 ms',
      'longest ms',
      'tasks > 50 ms',
      'CPU ms/s',
      'key to frame p50, p99 ms',
    ],
    rows: [...all].map(([name, watched]) => {
      const of = (figure: (one: Watched) => number): number => median(watched.map(figure));
      const delays = watched.flatMap((one) => one.delays).sort((one, other) => one - other);
      const delay =
        delays.length === 0
          ? ''
          : [0.5, 0.99].map((share) => percentile(delays, share).toFixed(0)).join(', ');
      return [
        name,
        ...[
          of((one) => 100 * one.dropped),
          of((one) => one.p50),
          of((one) => one.p99),
          of((one) => one.longest),
        ],
        ...[of((one) => one.longTasks), of((one) => (one.busyMs / one.frames) * 60), delay],
      ];
    }),
  };
}

async function scrollForAnHour(tab: Tab): Promise<Table> {
  const screens = screensOfHour / stretches;
  const rows: Table['rows'][number][] = [];
  const note = async (name: string): Promise<void> => {
    // What is loaded for the last screen.
    await sleep(2_000);
    const { heapMb, nodes, listeners }: Memory = await tab.memory();
    rows.push([name, heapMb, nodes, listeners]);
    console.log(`${name}: ${heapMb.toFixed(1)} MB`);
  };
  await note('before');
  for (let stretch = 1; stretch <= stretches; stretch += 1) {
    const direction = stretch <= stretches / 2 ? -1 : 1;
    const height = (await log(tab).boundingBox())?.height ?? 0;
    // Four screens at a time: what is above is loaded while one scrolls.
    for (let screen = 0; screen < screens; screen += 4)
      await tab.scroll(log(tab), direction * 4 * height, 20 * height);
    await note(`${stretch * screens} screens${direction < 0 ? ', up' : ', down'}`);
  }
  return {
    title: 'Memory over an hour',
    note: `A screen each second for an hour is ${screensOfHour} screens: half of them up, half of them down, as fast as the browser goes. After collecting garbage.`,
    columns: ['after', 'heap MB', 'nodes', 'listeners'],
    rows,
  };
}
