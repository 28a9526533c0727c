import { chat } from '../chat/chat.ts';
import { follow } from '../chat/use-readable.ts';

/** The call of this tab. */
export const call = follow(chat.call);
