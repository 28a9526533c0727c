import { createHmac } from 'node:crypto';
import { startOidcProvider } from 'im-test/support';
import { expect, it, vi } from 'vitest';
import { barriers, conversations, newPlace, openTab, signIn } from './place.ts';

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

/** What an app for such codes shows now (RFC 6238). */
function codeOf(secret: string): string {
  const bits = Array.from(secret, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const key = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const number = hash.readUInt32BE((hash.at(-1) ?? 0) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

it('asks for a second factor that somebody has turned on', async () => {
  const here = await newPlace();
  await here.start();
  const page = await signIn(here.url, 'Ann');

  await page.goto(`${here.url}/#/settings/security`);
  await page.getByRole('button', { name: 'Turn it on' }).click();
  const dialog = page.getByRole('dialog', { name: 'Second factor' });
  await dialog.getByLabel('Password', { exact: true }).fill('demo-1234');
  await dialog.getByRole('button', { name: 'Turn it on' }).click();
  const secret = (await dialog.locator('code').textContent()) ?? '';
  expect(await barriers(page)).toEqual([]);
  await dialog.getByRole('textbox').fill(codeOf(secret));
  await dialog.getByRole('button', { name: 'Turn it on' }).click();
  const recoveryCode = (await dialog.getByRole('listitem').first().textContent()) ?? '';
  expect(await barriers(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('10 recovery codes are left.').waitFor();

  const other = await openTab(here.url);
  await other.getByRole('button', { name: 'Sign in as Ann' }).click();
  await other.getByRole('heading', { name: 'One more step' }).waitFor();
  expect(await barriers(other)).toEqual([]);
  await other.getByRole('textbox').fill('000000x');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByRole('alert').waitFor();
  await other.getByRole('textbox').fill(recoveryCode);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await conversations(other).waitFor();
});
