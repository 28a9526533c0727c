import type { SendableContent, StoredMessage } from '../model/message.ts';

/** The platform has it as it was sent; the address of a file alone is its own. */
export function isSealedAs(answered: StoredMessage['content'], sent: SendableContent): boolean {
  return answered.type === 'encrypted' && sent.type === 'encrypted' && answered.body === sent.body;
}
