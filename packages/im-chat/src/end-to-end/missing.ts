import type { Message } from '../model/message.ts';

/**
 * Before which messages others of the same device are missing, by their keys, and how many: the platform has not shown them, or somebody took
 * them back. Those alone of which the device knew that they had arrived; where it was cut off, a place may be empty. Of messages that follow
 * one another, as a conversation holds them.
 */
export function missingIn(messages: readonly Message[]): ReadonlyMap<string, number> {
  const missing = new Map<string, number>();
  const last = new Map<string, number>();
  /** Of these it is not known which places they had. */
  const unknown = new Map<string, number>();
  for (const { key, senderId, state, encryption } of messages) {
    if (state === 'recalled' || encryption?.kind === 'unreadable' || encryption?.kind === 'opening')
      unknown.set(senderId, (unknown.get(senderId) ?? 0) + 1);
    if (encryption?.kind !== 'read') continue;
    const { deviceId, place, since = place - 1 } = encryption;
    // Of one that is gone, by a key from a backup: it may be any.
    if (deviceId === '') continue;
    const before = last.get(deviceId);
    const gap = before === undefined ? 0 : since - before - (unknown.get(senderId) ?? 0);
    if (gap > 0) missing.set(key, gap);
    last.set(deviceId, place);
    unknown.delete(senderId);
  }
  return missing;
}
