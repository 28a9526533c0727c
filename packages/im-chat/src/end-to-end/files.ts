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

/** Throws when a bit of it was changed. */
export function openFile(crypto: Crypto, bytes: Uint8Array, { info, mime }: FileKey): Blob {
  const open = crypto.Attachment.decrypt(new crypto.EncryptedAttachment(bytes, info));
  return new Blob([new Uint8Array(open)], { type: mime });
}
