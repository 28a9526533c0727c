import { ChatError, toChatError } from '../errors.ts';

/** What broke an upload off. A file that was changed or is gone since it was chosen looks to browsers like a line that broke. */
export function asUpload(thrown: unknown, file: Blob): Promise<ChatError> {
  const error = toChatError(thrown);
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => error,
      () => new ChatError('FILE_UNREADABLE', 'The file was changed or is gone.'),
    );
}
