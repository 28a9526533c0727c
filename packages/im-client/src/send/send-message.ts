import type { OutgoingMessage } from './outgoing-message.ts';
import type { Receipt } from './receipt.ts';
import { SendProgress, type SendDeps } from './send-progress.ts';
import { sendToEveryone } from './send-to-everyone.ts';
import { sendToTopic } from './send-to-topic.ts';
import { sendToReceivers } from './send-to-receivers.ts';

/** Puts one message on the lists of the servers that hold its receivers. */
export function sendMessage(
  deps: SendDeps,
  message: OutgoingMessage,
  signal: AbortSignal | undefined,
): Promise<Receipt> {
  const progress = new SendProgress(deps, message, signal);
  if (message.topic) return sendToTopic(progress, message.topic);
  return message.everyoneOn ? sendToEveryone(progress) : sendToReceivers(progress);
}
