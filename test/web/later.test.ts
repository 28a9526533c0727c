import { expect, it, vi } from 'vitest';
import { barriers, entry, message, newPlace, signIn } from './place.ts';

// What is sent later, and how long it is kept.

vi.setConfig({ testTimeout: 120_000 });

it('what is to be sent later waits in a list, is changed, sent at once or not at all; an owner says how long a group is kept', async () => {
  const place = await newPlace();
  await place.start({ retention: { ownerRetentionDays: 1 } });
  const ann = await signIn(place.url, 'Ann');
  await entry(ann, /^Bob/).click();
  const later = async (text: string): Promise<void> => {
    await ann.getByRole('textbox', { name: 'Message' }).fill(text);
    await ann.getByRole('button', { name: 'Attach' }).click();
    await ann.getByRole('menuitem', { name: 'Send later' }).click();
  };

  await later('Happy birthday');
  const dialog = ann.getByRole('dialog', { name: 'Send later' });
  await dialog.getByRole('button', { name: 'Tomorrow at 9:00' }).click();
  expect(await dialog.getByLabel('When').inputValue()).toMatch(/T09:00$/);
  await dialog.getByRole('button', { name: 'Send later' }).click();
  await ann.getByText(/^It will be sent on .* 9:00/).waitFor();
  expect(await ann.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('');
  await later('Not that');
  await dialog.getByRole('button', { name: 'Send later' }).click();
  await dialog.waitFor({ state: 'detached' });

  await ann.getByRole('button', { name: 'Attach' }).click();
  await ann.getByRole('menuitem', { name: 'Scheduled messages' }).click();
  const list = ann.getByRole('list', { name: 'Scheduled messages' });
  await list.getByText('Not that').waitFor();
  expect(await barriers(ann)).toEqual([]);
  await ann.getByRole('button', { name: 'Do not send: Not that' }).click();
  await ann.getByRole('button', { name: 'Change: Happy birthday' }).click();
  await dialog.getByLabel('Message').fill('Happy birthday, Bob');
  await dialog.getByRole('button', { name: 'Send later' }).click();
  await list.getByText('Happy birthday, Bob').waitFor();
  expect(await list.getByRole('listitem').count()).toBe(1);
  await ann.getByRole('button', { name: 'Send now: Happy birthday, Bob' }).click();
  await ann.getByText('Nothing is to be sent later here.').waitFor();
  await message(ann, 'Happy birthday, Bob').waitFor();

  await entry(ann, /^Weekend hike/).click();
  await ann.getByRole('button', { name: 'Details', exact: true }).click();
  const kept = ann.getByLabel('What is said in this group is');
  await kept.selectOption('kept for 7 days');
  await ann.getByRole('button', { name: 'Change', exact: true }).click();
  await ann.getByText('Saved').waitFor();
  expect(await barriers(ann)).toEqual([]);
  // Whose group it is not is told.
  await entry(ann, /^Book club/).click();
  await ann.getByRole('button', { name: 'Details', exact: true }).click();
  await ann.getByText('They are kept for ever.').waitFor();
});
