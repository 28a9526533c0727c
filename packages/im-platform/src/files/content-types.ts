/**
 * What browsers show or play by themselves and nobody can make run, by the extension of the name. Everything else is a
 * download: a page or a drawing with a script in it would run with the rights of our own origin.
 */
const shown: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  amr: 'audio/amr',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  pdf: 'application/pdf',
  txt: 'text/plain; charset=utf-8',
};

/** The headers with which a file of this extension is safe to be opened. */
export function contentHeaders(extension: string): Record<string, string> {
  const type = Object.hasOwn(shown, extension) ? shown[extension] : undefined;
  if (type !== undefined) return { 'content-type': type };
  return { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' };
}
