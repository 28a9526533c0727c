import type { FileKey, LocalFile, SendableContent } from '../model/message.ts';

/** What a message says of a file that was encrypted before it was uploaded. The platform sees none of it. */
export function withKey(
  { as, name, file, durationS = 0, waveform }: LocalFile,
  key: FileKey,
): SendableContent {
  const { url, width = 0, height = 0 } = key;
  const content: SendableContent =
    as === 'audio'
      ? { type: 'audio', url, durationS, ...(waveform && { waveform: [...waveform] }) }
      : as === 'image'
        ? { type: 'image', url, thumbnail: '', width, height }
        : { type: 'file', name, size: file.size, url };
  const opened: object = { ...content, key };
  return opened as SendableContent;
}
