import type { Conversation, Message } from 'im-chat';
import { shallowRef } from 'vue';

/** One is sent, or looked at. */
export type PacketDialog =
  | { readonly is: 'send'; readonly conversation: Conversation }
  | { readonly is: 'look'; readonly packetId: string };

export const packetDialog = shallowRef<PacketDialog>();

/** Whether a message has one: nobody but the platform says so. */
export function isRedPacket({ content }: Pick<Message, 'content'>): boolean {
  return content.type === 'custom' && content.name === 'im.red-packet';
}
