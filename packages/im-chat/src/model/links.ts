import type { Content, LocalFile } from './message.ts';

/** In this time a file is not begun to be loaded any more. */
const leastMs = 60_000;

/**
 * Whether the address of a file that a message has is over, or about to be: `Conversation.renewLinks` gets a fresh one. Some have no end, and
 * never are.
 */
export function isLinkOver(address: string, now: number = Date.now()): boolean {
  const end = /[?&]e=(\d+)/.exec(address)?.[1];
  return end !== undefined && Number(end) * 1_000 - now < leastMs;
}

/** What it says, with addresses that are the same whenever and for whomever they were made. */
export function withoutLinks<Said extends Content | LocalFile>(content: Said): Said {
  if (!('url' in content)) return content;
  const { url, thumbnail } = content as { readonly url?: string; readonly thumbnail?: string };
  return {
    ...content,
    ...(url !== undefined && { url: plain(url) }),
    ...(thumbnail !== undefined && { thumbnail: plain(thumbnail) }),
  };
}

function plain(address: string): string {
  return address.replace(/\?.*$/s, '');
}
