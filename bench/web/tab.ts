import type { CDPSession, Locator, Page } from 'playwright-core';
import { percentile } from '../process-figures.ts';

/** What a tab did while something was done to it. */
export interface Watched {
  readonly frames: number;
  /** Of the frames that a screen of 60 Hz could have shown. */
  readonly dropped: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** Tasks over 50 ms. */
  readonly longTasks: number;
  /** CPU of the main thread, in ms. */
  readonly busyMs: number;
  /** From a key to the end of the next frame, in ms; empty where no key was pressed. */
  readonly delays: readonly number[];
}

export interface Memory {
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
}

const frameMs = 1_000 / 60;

/** Runs in the page. */
const watcher = `{
  const watch = (globalThis.watch = { isOn: false, frames: [], longTasks: 0, keys: [] });
  let last = 0;
  const tick = (now) => {
    if (!watch.isOn) return;
    if (last > 0) watch.frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  watch.start = () => {
    Object.assign(watch, { isOn: true, frames: [], longTasks: 0, keys: [] });
    last = 0;
    requestAnimationFrame(tick);
  };
  new PerformanceObserver((list) => (watch.longTasks += list.getEntries().length)).observe({ type: 'longtask' });
  addEventListener('keydown', ({ timeStamp }) => {
    if (watch.isOn) requestAnimationFrame(() => setTimeout(() => watch.keys.push(performance.now() - timeStamp)));
  }, true);
}`;

/** A page that is looked at through the tools for developers. */
export class Tab {
  readonly page: Page;
  readonly #cdp: CDPSession;

  constructor(page: Page, cdp: CDPSession) {
    this.page = page;
    this.#cdp = cdp;
  }

  static async of(page: Page): Promise<Tab> {
    const cdp = await page.context().newCDPSession(page);
    // Of what the main thread does, its CPU time: a machine that is busy with something else counts for nothing.
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.addInitScript(watcher);
    return new Tab(page, cdp);
  }

  async watch(act: () => Promise<void>): Promise<Watched> {
    await this.page.bringToFront();
    await this.page.evaluate('watch.start()');
    const before = await this.#metrics();
    await act();
    const after = await this.#metrics();
    const seen = await this.page.evaluate<{ frames: number[]; longTasks: number; keys: number[] }>(
      '(watch.isOn = false, watch)',
    );
    const frames = seen.frames.sort((one, other) => one - other);
    const shown = frames.length;
    const possible = frames.reduce((sum, ms) => sum + Math.max(1, Math.round(ms / frameMs)), 0);
    return {
      frames: possible,
      dropped: (possible - shown) / possible,
      p50: percentile(frames, 0.5),
      p99: percentile(frames, 0.99),
      longest: frames.at(-1) ?? 0,
      longTasks: seen.longTasks,
      busyMs: 1_000 * ((after['TaskDuration'] ?? 0) - (before['TaskDuration'] ?? 0)),
      delays: seen.keys.sort((one, other) => one - other),
    };
  }

  /** As a wheel does that is turned evenly; negative: up. */
  async scroll(over: Locator, pixels: number, pixelsPerSecond: number): Promise<void> {
    const box = await over.boundingBox();
    if (!box) throw new Error('What is to be scrolled is not on the screen.');
    await this.#cdp.send('Input.synthesizeScrollGesture', {
      ...{ x: box.x + box.width / 2, y: box.y + box.height / 2 },
      ...{ yDistance: -pixels, speed: pixelsPerSecond, gestureSourceType: 'mouse' },
    });
  }

  /** What is held when nothing is left that could go. */
  async memory(): Promise<Memory> {
    for (let time = 0; time < 3; time += 1) await this.#cdp.send('HeapProfiler.collectGarbage');
    const { JSHeapUsedSize = 0, Nodes = 0, JSEventListeners = 0 } = await this.#metrics();
    return { heapMb: JSHeapUsedSize / 1e6, nodes: Nodes, listeners: JSEventListeners };
  }

  async #metrics(): Promise<Record<string, number>> {
    const { metrics } = await this.#cdp.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }
}
