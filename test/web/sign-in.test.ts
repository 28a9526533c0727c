import { startOidcProvider } from 'im-test/support';
import { expect, it, vi } from 'vitest';
import { barriers, conversations, newPlace, openTab } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 180_000 });

it('leads to a provider and back, signed in; and nothing of it stays in the address', async () => {
  const here = await newPlace();
  const provider = await startOidcProvider({ redirectUri: `${here.url}/v1/sign-in/corp/callback` });
  await here.start({ identityProviders: [{ id: 'corp', name: 'Corp', ...provider }] });
  const page = await openTab(here.url);
  const places: string[] = [];
  page.on('framenavigated', (frame) => places.push(frame.url()));

  const button = page.getByRole('button', { name: 'Sign in with Corp' });
  await button.waitFor();
  expect(await barriers(page)).toEqual([]);
  await button.click();
  await page.locator('input[name=login]').fill('carla');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await conversations(page).waitFor();

  expect(page.url()).toBe(`${here.url}/#/chats`);
  const ours = places.filter((place) => place.startsWith(here.url) && !place.includes('/callback?'));
  expect(ours.filter((place) => !/#\/(login|signed-in|chats)$/.test(place) && !place.endsWith('/'))).toEqual(
    [],
  );
  await page.goto(`${here.url}/#/settings/security`);
  await page.getByText('carla@example.com').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Unlink Corp' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unlink Corp' }).click();
  await page.getByText('It is the only way to sign in, and cannot be removed.').waitFor();

  await page.goto(`${here.url}/#/signed-in?problem=SIGN_IN_REFUSED`);
  await page.getByText('You are not let in here with that account.').waitFor();
});
