import type { Message } from 'im-chat';

/** What the platform serves as a film, and browsers play. */
export function isVideo({ content }: Pick<Message, 'content'>): boolean {
  return (
    content.type === 'file' && content.url !== undefined && /\.(mp4|webm|mov)$/i.test(content.name ?? '')
  );
}
