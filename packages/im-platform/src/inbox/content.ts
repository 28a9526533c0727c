import { z } from 'zod';
import { imageFile, plainFile } from '../files/upload-api.ts';
import { MessageStatus, MessageType } from '../wire/message-type.ts';

// What a message says: in `/v1` an object with a type, in the tables, and for box-im's front ends, a number and a text, which is JSON
// for everything but words.

const text = z.object({ type: z.literal('text'), text: z.string() });
const audio = z.object({ type: z.literal('audio'), url: z.string(), durationS: z.number().min(0) });

/** As long as the column for box-im's texts. */
const longestText = 1_024;
const address = z.string().min(1).max(255);

/** What people may say. */
export const sentContent = z.discriminatedUnion('type', [
  text.strict().extend({ text: z.string().min(1, 'contentRequired').max(longestText, 'contentTooLong') }),
  imageFile.strict().extend({ url: address, thumbnail: address }),
  plainFile.strict().extend({ url: address, name: z.string().min(1).max(128, 'fileNameTooLong') }),
  audio.strict().extend({ url: address }),
]);

/** What may be read: also what the platform says, and what box-im's front ends send that has no form here. */
export const shownContent = z
  .discriminatedUnion('type', [
    text,
    imageFile.partial().required({ type: true }),
    plainFile.partial().required({ type: true }),
    audio.partial().required({ type: true }),
    z.object({ type: z.literal('notice'), text: z.string() }),
    z.object({ type: z.literal('call'), mode: z.enum(['voice', 'video']), text: z.string() }),
    z.object({ type: z.literal('recalled') }),
    z.object({ type: z.literal('other'), kind: z.int(), text: z.string() }),
  ])
  .meta({ id: 'Content' });

export type SentContent = z.output<typeof sentContent>;
export type ShownContent = z.output<typeof shownContent>;

/** As a row has it. */
interface Written {
  readonly type: number;
  readonly content: string;
}

export function toWritten(said: SentContent): Written {
  switch (said.type) {
    case 'text':
      return { type: MessageType.TEXT, content: said.text };
    case 'image': {
      const { url: originUrl, thumbnail: thumbUrl, width, height } = said;
      return { type: MessageType.IMAGE, content: JSON.stringify({ originUrl, thumbUrl, width, height }) };
    }
    case 'file': {
      const { name, size, url } = said;
      return { type: MessageType.FILE, content: JSON.stringify({ name, size, url }) };
    }
    case 'audio':
      return {
        type: MessageType.AUDIO,
        content: JSON.stringify({ duration: said.durationS, url: said.url }),
      };
  }
}

/** What is recalled is told to nobody. Members that a client of box-im wrote otherwise are left out. */
export function toShown(row: {
  readonly type: number;
  readonly status: number;
  readonly content: string | null;
}): ShownContent {
  const { type, status, content } = row;
  const said = content ?? '';
  if (status === MessageStatus.RECALL) return { type: 'recalled' };
  const { originUrl, thumbUrl, url, width, height, name, size, duration } = readMembers(said);
  switch (type) {
    case MessageType.TEXT:
      return { type: 'text', text: said };
    case MessageType.IMAGE:
      return without({
        type: 'image',
        url: textOf(originUrl),
        thumbnail: textOf(thumbUrl),
        width: wholeOf(width),
        height: wholeOf(height),
      });
    case MessageType.FILE:
      return without({ type: 'file', url: textOf(url), name: textOf(name), size: wholeOf(size) });
    case MessageType.AUDIO:
      return without({ type: 'audio', url: textOf(url), durationS: numberOf(duration) });
    case MessageType.TIP_TEXT:
      return { type: 'notice', text: said };
    case MessageType.ACT_RT_VOICE:
      return { type: 'call', mode: 'voice', text: said };
    case MessageType.ACT_RT_VIDEO:
      return { type: 'call', mode: 'video', text: said };
    default:
      return { type: 'other', kind: type, text: said };
  }
}

function readMembers(content: string): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function wholeOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

function without<T extends object>(value: { [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
