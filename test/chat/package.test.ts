import { expect, test } from 'vitest';
import { maxGzippedBytesOfChat, weighChat } from '../../scripts/bundle-chat.ts';

test(`a page loads at most ${maxGzippedBytesOfChat} bytes gzipped for im-chat, without the library of its store`, async () => {
  const gzippedBytes = await weighChat();
  console.log(`im-chat: ${gzippedBytes} gzipped`);
  expect(gzippedBytes).toBeLessThanOrEqual(maxGzippedBytesOfChat);
});
