import { z } from 'zod';
import { mostBars, readContent, type WrittenMessage } from '../client/content.ts';
import { keyInAddress } from '../files/file-addresses.ts';
import { imageFile, plainFile } from '../files/kept-file.ts';
import { encryptedName, isPlatforms, type Custom, type NewDetail } from '../message-details/detail.ts';
import { entity, mostEntities, whyNotIn, type Entity } from '../message-details/entities.ts';
import { MessageType } from '../wire/message-type.ts';

// What a message says: in `/v1` an object with a type, in the tables, and for box-im's front ends, a number and a text, which is JSON
// for everything but words. What these have no form for stands in the details of the message, and they show a text.

const text = z.object({
  type: z.literal('text'),
  text: z.string(),
  entities: z.array(entity).optional().meta({ description: 'Links and mentions in it, in order' }),
});
const custom = z.object({
  type: z.literal('custom'),
  name: z.string().meta({ description: 'What your clients call this kind' }),
  data: z.record(z.string(), z.unknown()).meta({ description: 'What they make of it' }),
  text: z.string().meta({ description: 'What is shown by those who do not know it' }),
});
const encryptedFile = z.object({ url: z.string(), size: z.int().min(0) });
const encrypted = z.object({
  type: z.literal('encrypted'),
  body: z.string().meta({ description: 'What nobody can read but the devices that it is for' }),
  file: encryptedFile.optional().meta({ description: 'Which is encrypted, too; its key stands in the body' }),
});
const poster = z
  .object({ url: z.string(), width: z.int(), height: z.int() })
  .meta({ description: 'Of a film: a picture of it, which its sender has uploaded as one' });
const waveform = z
  .array(z.int().min(0).max(100))
  .max(mostBars)
  .meta({ description: `How loud it is, in up to ${mostBars} parts` });
const file = plainFile.extend({ poster: poster.optional() });
const audio = z.object({
  ...{ type: z.literal('audio'), url: z.string(), durationS: z.number().min(0) },
  waveform: waveform.optional(),
});

/** What box-im's front ends show of it. */
const encryptedSign = '🔒';
/** What fits into the column, in any script. The option `maxTextLength` may say less. */
const longestText = 16_000;
/** What stands for a content that a client does not know: as long as box-im's texts. */
const longestFallback = 1_024;
const mostCustomBytes = 8_192;
const longestBody = 40_000;
const address = z.string().min(1).max(255);
const side = z.int().min(1).max(16_384);
const sentPoster = poster.strict().extend({
  url: address.refine(isPicture, 'expected the address of a picture that was uploaded as one'),
  ...{ width: side, height: side },
});

export const sentText = text
  .strict()
  .extend({
    text: z.string().min(1, 'contentRequired').max(longestText),
    entities: z.array(entity).max(mostEntities).optional(),
  })
  .superRefine(({ text: said, entities = [] }, context) => {
    const wrong = whyNotIn(said, entities);
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
  });

const sentCustom = custom.strict().extend({
  name: z
    .string()
    .regex(/^[a-z0-9._-]{1,64}$/, 'expected 1 to 64 of a-z, 0-9, ".", "_", "-"')
    .refine((name) => !isPlatforms(name), 'reservedName'),
  data: custom.shape.data.refine((data) => bytesOf(data) <= mostCustomBytes, {
    error: `expected at most ${mostCustomBytes} bytes as JSON`,
  }),
  text: z.string().min(1, 'contentRequired').max(longestFallback, 'contentTooLong'),
});

const sentEncrypted = encrypted.strict().extend({
  body: z.string().min(1).max(longestBody),
  file: encryptedFile.strict().extend({ url: address }).optional(),
});

/** What people may say. */
export const sentContent = z.discriminatedUnion('type', [
  sentText,
  sentCustom,
  imageFile.strict().extend({ url: address, thumbnail: address }),
  file.strict().extend({
    ...{ url: address, name: z.string().min(1).max(128, 'fileNameTooLong') },
    poster: sentPoster.optional(),
  }),
  audio.strict().extend({ url: address }),
  sentEncrypted,
]);

/** What may be read, as `readContent` of the client has it: also what the platform says, and what box-im's front ends send that has no form here. */
export const shownContent = z
  .discriminatedUnion('type', [
    text,
    imageFile.partial().required({ type: true }),
    file.partial().required({ type: true }),
    audio.partial().required({ type: true }),
    custom,
    encrypted,
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
    case 'custom':
      return { type: MessageType.TEXT, content: said.text };
    case 'image': {
      const { url: originUrl, thumbnail: thumbUrl, width, height } = said;
      return { type: MessageType.IMAGE, content: JSON.stringify({ originUrl, thumbUrl, width, height }) };
    }
    case 'file': {
      const { name, size, url, poster: picture } = said;
      return { type: MessageType.FILE, content: JSON.stringify({ name, size, url, poster: picture }) };
    }
    case 'encrypted':
      return said.file
        ? { type: MessageType.FILE, content: JSON.stringify({ name: encryptedSign, ...said.file }) }
        : { type: MessageType.TEXT, content: encryptedSign };
    case 'audio':
      return {
        type: MessageType.AUDIO,
        content: JSON.stringify({ duration: said.durationS, url: said.url, waveform: said.waveform }),
      };
  }
}

/** What of it stands in the details. */
export function detailIn(said: SentContent): NewDetail {
  switch (said.type) {
    case 'text':
      return { entities: said.entities };
    case 'custom':
      return { custom: { name: said.name, data: said.data } };
    case 'encrypted':
      return { custom: { name: encryptedName, data: { body: said.body } } };
    default:
      return {};
  }
}

/** With what stands in the details. */
export function toShown(row: WrittenMessage, detail: NewDetail = {}): ShownContent {
  const content = readContent(row);
  const { custom: own } = detail;
  if (own?.name === encryptedName && content.type !== 'recalled') return toEncrypted(content, own.data);
  return content.type === 'text' ? toWords(content.text, detail) : content;
}

/** As `toWritten` and `detailIn` have it. */
function toEncrypted(content: ShownContent, { body }: Custom['data']): ShownContent {
  const file =
    content.type === 'file' && content.url !== undefined
      ? { url: content.url, size: content.size ?? 0 }
      : undefined;
  return { type: 'encrypted', body: String(body), ...(file && { file }) };
}

/** Of ours: without what tells where it was taken, and no other thing under its name. */
function isPicture(url: string): boolean {
  return /^(image|thumb)\//.test(keyInAddress(url) ?? '');
}

/** What is nested too deeply to be written is too long. */
function bytesOf(data: object): number {
  try {
    return Buffer.byteLength(JSON.stringify(data));
  } catch {
    return Infinity;
  }
}

function toWords(text: string, { entities = [], custom: own }: NewDetail): ShownContent {
  if (own) return { type: 'custom', name: own.name, data: own.data, text };
  return { type: 'text', text, ...(entities.length > 0 && { entities: [...entities] as Entity[] }) };
}
