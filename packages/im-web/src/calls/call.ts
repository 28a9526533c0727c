import { chat } from '../chat/chat.ts';
import { follow } from '../chat/use-readable.ts';

/** The call of this tab. What has to do with media is loaded with the first one. */
export const call = follow(chat.call);

export async function startCall(userId: string, mode: 'voice' | 'video'): Promise<void> {
  const { begin } = await import('./call-media.ts');
  await begin(userId, mode);
}
