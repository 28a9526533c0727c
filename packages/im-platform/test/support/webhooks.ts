import type { TestPlatform } from './test-platform.ts';

/** A webhook that is off, with the id that examples have. */
export async function insertWebhook({ platform }: TestPlatform): Promise<void> {
  const row = { id: 'wh_1', url: 'https://shop.example/', events: 'message.created', secret: 'x' };
  await platform.database.sql('im_sink').insert({ ...row, createdTime: 1, offTime: 1 });
}
