import { ChatError } from '../errors.ts';
import { fileKeyOf, type LocalFile, type Message, type SendableContent } from '../model/message.ts';
import type { AccountEncryption } from './encryption.ts';

/** A message as it is said again in a conversation that is encrypted: a file is loaded, and encrypted anew. */
export async function again(
  message: Message | undefined,
  { encryption }: { readonly encryption?: AccountEncryption | undefined },
): Promise<SendableContent | LocalFile> {
  const content = message?.content;
  if (content?.type === 'text') return { type: 'text', text: content.text };
  if (content?.type === 'image' || content?.type === 'file' || content?.type === 'audio') {
    const key = fileKeyOf(content);
    const file = key ? await encryption?.openFile(key) : await load(content.url);
    if (!file) throw cannot();
    if (content.type === 'audio') {
      const { durationS = 0, waveform } = content;
      return {
        type: 'local-file',
        as: 'audio',
        file,
        name: 'voice',
        durationS,
        ...(waveform && { waveform }),
      };
    }
    const name = content.type === 'file' ? (content.name ?? 'file') : 'picture';
    return { type: 'local-file', as: content.type, file, name };
  }
  throw cannot();
}

async function load(url: string | undefined): Promise<Blob | undefined> {
  if (url === undefined) return undefined;
  const answer = await fetch(url).catch(() => undefined);
  return answer?.ok ? answer.blob() : undefined;
}

function cannot(): ChatError {
  return new ChatError('NOT_ENCRYPTED', 'This cannot be encrypted anew on this device.', {
    cure: 'Only texts and files that can be read here are forwarded to encrypted conversations.',
  });
}
