import type { Conversation } from 'im-chat';
import type { Page } from 'playwright-core';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line or two may still be cut, and asked again after a while. */
const mostMs = 60_000;

/** What everybody sees alike of what became of messages: whether it is one's own, and how far it came, is another matter. */
function shown({ get, pins }: Pick<Conversation, 'get' | 'pins'>): string[] {
  const lines = get().messages.map(({ number, content, editedAt, reactions, isPinned, state }) => {
    const said = 'text' in content ? content.text : content.type;
    const counts = reactions
      .map(({ emoji, count }) => `${emoji}${count}`)
      .sort()
      .join(' ');
    return [number, state === 'recalled' ? 'recalled' : said, editedAt, counts, isPinned].join(' | ');
  });
  const pinned = pins.get().map(({ number }) => number);
  return [...lines, `pinned: ${pinned.join(' ')}`];
}

/** Says where pages and a device that was not there differ, when they have had the time to hear of everything. */
export async function differencesOf(
  conversationId: string,
  pages: readonly Page[],
  device: Conversation,
): Promise<string[]> {
  const atPage = `({ chat }, id) => (${shown.toString()})(chat.conversation(id))`;
  for (const began = performance.now(); ;) {
    const views = [shown(device)];
    for (const page of pages)
      views.push(await page.evaluate(`(${atPage})(globalThis, ${JSON.stringify(conversationId)})`));
    const [first = [], ...others] = views;
    const differences = others.flatMap((view, which) =>
      first.flatMap((line, index) =>
        line === view[index]
          ? []
          : [`${line} on a new device, ${view[index] ?? 'nothing'} in browser ${which + 1}`],
      ),
    );
    if (differences.length === 0 || performance.now() - began > mostMs) return differences;
    await sleep(200);
  }
}
