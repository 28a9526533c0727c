import type { Page, WebSocket as PageSocket } from 'playwright-core';

export interface Visit {
  /** After all components went and came back at once. */
  readonly notices: number;
  readonly connections: number;
  /** After all of them were gone for longer than the time of grace. */
  readonly connectionsAfterReturn: number;
}

/** Somebody in the shop of `examples/pages`: orders, and leaves and comes back, first at once and then after a while. */
export async function visitShop(page: Page, url: string): Promise<Visit> {
  page.on('pageerror', (error) => console.error('page:', error));
  const sockets: PageSocket[] = [];
  page.on('websocket', (socket) => sockets.push(socket));
  await page.goto(url);

  await shows(page, 'online, and hears of offers');
  await page.getByRole('button', { name: 'Order tea' }).click();
  await shows(page, 'ordered: 1');
  await shows(page, 'Your tea is on its way.');
  // All go and come back, before the time of grace is over.
  await page.evaluate(`
    document.querySelector('button').click();
    new Promise((resolve) => setTimeout(resolve)).then(() => document.querySelector('button').click());
  `);
  await shows(page, 'online, and hears of offers');
  await page.getByRole('button', { name: 'Order tea' }).click();
  await shows(page, 'ordered: 2');
  await shows(page, 'Your tea is on its way.');
  const notices = await page.locator('li').count();
  const connections = sockets.length;

  const closed = sockets[0]?.waitForEvent('close', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Leave' }).click();
  await closed;
  await page.getByRole('button', { name: 'Come back' }).click();
  await shows(page, 'online, and hears of offers');
  return { notices, connections, connectionsAfterReturn: sockets.length };
}

async function shows(page: Page, text: string): Promise<void> {
  await page.getByText(text).waitFor({ timeout: 60_000 });
}
