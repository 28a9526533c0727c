import type { EditedMessage, StoredMessage } from '../model/message.ts';

/** What is inside of what is sent. The place is there so that nobody can say it twice, or elsewhere. */
export interface Said {
  readonly place: number;
  /** The last place before it of which this device knows that it was said: those between may be empty. */
  readonly since?: number;
  readonly conversation: string;
  /** Of the message when it is sent: by it its own device knows it again. */
  readonly key?: string;
  readonly content: StoredMessage['content'];
  /** It is written over this one. */
  readonly edits?: EditedMessage;
}

/** Undefined: it is none. No platform looks at it, so somebody who writes may have put anything there. */
export function readSaid(text: string): Said | undefined {
  const said = JSON.parse(text) as { readonly content?: Partial<Said> | null };
  const { place, since, conversation, key, content, edits } = said.content ?? {};
  const isIt =
    isPlace(place) &&
    (since === undefined || since === 0 || (isPlace(since) && since < place)) &&
    typeof conversation === 'string' &&
    (key === undefined || typeof key === 'string') &&
    isContent(content) &&
    (edits === undefined || isEdited(edits));
  return isIt ? (said.content as Said) : undefined;
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isContent(value: unknown): boolean {
  const content = value as { readonly type?: unknown; readonly text?: unknown } | null | undefined;
  if (typeof content?.type !== 'string' || content.type === 'encrypted') return false;
  return content.type !== 'text' || typeof content.text === 'string';
}

function isEdited(value: unknown): boolean {
  const edited = value as Partial<EditedMessage> | null;
  return isPlace(edited?.number) && isPlace(edited.place) && typeof edited.deviceId === 'string';
}
