import type { components } from 'im-chat';
import { shallowReactive } from 'vue';
import { api, ask } from './api.ts';

export type LinkPreview = components['schemas']['LinkPreview'];

const found = shallowReactive(new Map<string, LinkPreview | null>());
const asked = new Set<string>();
const most = 200;

/** What the page says of itself that a link leads to, as the platform has seen it; null: nothing. Undefined: it is not known here. */
export function linkPreview(url: string): LinkPreview | null | undefined {
  return found.get(url);
}

/** Asks the platform about it, once while this page is open. */
export async function lookAt(url: string): Promise<void> {
  if (asked.has(url)) return;
  asked.add(url);
  try {
    const { preview } = await ask(api.GET('/v1/link-preview', { params: { query: { url } } }));
    found.set(url, preview);
  } catch {
    // Whoever comes by again asks again.
    asked.delete(url);
  }
  const [oldest = ''] = found.keys();
  if (found.size > most && found.delete(oldest)) asked.delete(oldest);
}
