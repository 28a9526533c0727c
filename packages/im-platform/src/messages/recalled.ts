import { MessageStatus, MessageType } from '../wire/message-type.ts';

interface Recallable {
  readonly type: number;
  readonly status: number;
  readonly content: string | null;
}

/** How long after it was sent a message may be recalled. */
export const recallableForMs: number = 5 * 60 * 1000;

/** What was recalled is kept and told to nobody. A text must stay a text, everything else JSON (contract E.5). */
export function concealRecalled<Message extends Recallable>(message: Message): Message {
  if (message.status !== MessageStatus.RECALL) return message;
  return { ...message, content: message.type === MessageType.TEXT ? '' : '{}' };
}
