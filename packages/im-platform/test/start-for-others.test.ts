import { expect, it, vi } from 'vitest';
import { place } from './support/all-in-one.ts';

// Processes take long to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

it('warns when other machines reach it', async () => {
  const here = await place();
  const running = await here.start('--host', '0.0.0.0');

  await running.line(/^Say where they find this one: --public-url http:\/\/\S+:\d+$/);
  expect(running.stdout).toContain('Other machines reach this (--host 0.0.0.0)');
  expect(running.stdout).toContain('their password is public');
});

it('gives others the addresses that it is told, and takes uploads without a token when it is told', async () => {
  const here = await place();
  await here.start('--public-url', 'https://chat.example.com', '--open-uploads');

  const page = (await (await fetch(`${here.url}/page.json`)).json()) as { imUrl: string };
  expect(page.imUrl).toBe(`wss://chat.example.com:${here.imPort}/im`);
  expect((await here.upload()).data).toMatch(/^https:\/\/chat\.example\.com\//);
});
