import { createHash } from 'node:crypto';

interface Sent {
  /** The client's own id of it. */
  readonly tmpId?: string | undefined;
  readonly type: number;
  readonly content: string;
  /** What makes two of them the same. @default tmpId and what it says */
  readonly dedupeKey?: string | undefined;
}

/**
 * What may be stored once only; null: as often as it is sent. A tmpId alone is not enough: box-im's page draws one of a
 * thousand in each millisecond, and a text and a picture of one moment may get the same.
 */
export function dedupeKeyOf({ dedupeKey, tmpId, type, content }: Sent): string | null {
  if (dedupeKey !== undefined) return dedupeKey;
  if (tmpId === undefined) return null;
  return `${tmpId}:${createHash('sha256').update(`${type}:${content}`).digest('hex').slice(0, 24)}`;
}
