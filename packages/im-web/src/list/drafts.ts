import { shallowReactive } from 'vue';

/** What is being written on this page, before the platform knows it. */
const written = shallowReactive(new Map<string, string>());

export function draftOf(conversationId: string, kept: string | null): string {
  return written.get(conversationId) ?? kept ?? '';
}

export function setDraft(conversationId: string, text: string): void {
  written.set(conversationId, text);
}
