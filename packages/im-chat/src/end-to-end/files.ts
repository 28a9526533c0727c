import { ChatError } from '../errors.ts';
import type { FileKey, LocalFile } from '../model/message.ts';
import type { Crypto } from './library.ts';
import { previewOf } from './preview.ts';

/** What the platform is given in place of the file: neither what it is called nor of which kind it is. */
export async function sealFile(
  crypto: Crypto,
  local: LocalFile,
): Promise<{ readonly file: LocalFile; readonly key: Omit<FileKey, 'url'> }> {
  const { file } = local;
  const preview = await previewOf(local);
  const sealed = crypto.Attachment.encrypt(new Uint8Array(await file.arrayBuffer()));
  const bytes = new Uint8Array(sealed.encryptedData);
  const info = sealed.mediaEncryptionInfo ?? '';
  return {
    file: { type: 'local-file', as: 'file', file: new Blob([bytes]), name: 'encrypted' },
    key: { size: bytes.length, info, mime: file.type, ...preview },
  };
}

interface OpenDeps {
  readonly fetch?: ((url: string) => Promise<Response>) | undefined;
  crypto(): Promise<Crypto>;
}

/** Throws when it cannot be loaded, or a bit of it was changed. */
export async function openFile({ url, info, mime }: FileKey, deps: OpenDeps): Promise<Blob> {
  const fetchIt = deps.fetch ?? ((address: string) => fetch(address));
  const answer = await fetchIt(url);
  if (!answer.ok)
    throw new ChatError('NO_ANSWER', 'The file cannot be loaded now.', {
      ...{ retryable: true, cure: 'Its address may be over: `renewLinks`.' },
    });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const crypto = await deps.crypto();
  try {
    const open = crypto.Attachment.decrypt(new crypto.EncryptedAttachment(bytes, info));
    return new Blob([new Uint8Array(open)], { type: mime });
  } catch (cause) {
    throw new ChatError('FILE_ALTERED', 'The file was changed on its way.', {
      ...{ cure: 'Do not show it; ask for it again.', cause },
    });
  }
}
