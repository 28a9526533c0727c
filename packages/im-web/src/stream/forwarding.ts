import type { Conversation, Message } from 'im-chat';
import { shallowRef } from 'vue';
import { isRedPacket } from '../red-packets/dialogs.ts';
import { say } from '../parts/toasts.ts';
import { t } from '../text/i18n.ts';

/** Messages that are to be said again elsewhere, while it is asked where. */
export interface Forwarding {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
}

export const forwarding = shallowRef<Forwarding>();

const kinds = new Set(['text', 'custom', 'image', 'file', 'audio']);

/** What people send can be forwarded; a call, say, cannot. */
export function mayForward(message: Message): boolean {
  const { number, content } = message;
  return number !== undefined && kinds.has(content.type) && !isRedPacket(message);
}

/** Asks where to. */
export function forward(conversation: Conversation, messages: readonly Message[]): void {
  if (messages.length > 0 && messages.every(mayForward)) forwarding.value = { conversation, messages };
  else say(t('cannotForward'), true);
}
