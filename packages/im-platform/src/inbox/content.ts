import { z } from 'zod';
import { imageFile, plainFile } from '../files/upload-api.ts';
import { MessageType } from '../wire/message-type.ts';

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

/** What may be read, as `readContent` of the client has it: also what the platform says, and what box-im's front ends send that has no form here. */
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
