import { randomBytes } from 'node:crypto';

/** What comes before a file's key in its address. */
export const filesUrlPath = '/files/';

/** `KEPT`: it is of the drive, and no message shows it. */
export const FileType = { FILE: 0, IMAGE: 1, KEPT: 2 } as const;
export type FileType = (typeof FileType)[keyof typeof FileType];

/** The owner of uploads without a token. */
export const nobody = 0;

export type FileFolder = 'file' | 'image' | 'thumb';

/** `image/20260102/{128 random bits}.png`: who does not know the address cannot guess it, which is all that protects it. */
export function newFileKey(folder: FileFolder, extension: string, now: Date = new Date()): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '');
  return `${folder}/${day}/${randomBytes(16).toString('base64url')}.${extension}`;
}

/** Only these are ever looked up, so no path leads anywhere else. */
export function isFileKey(text: string): boolean {
  return /^(file|image|thumb)\/\d{8}\/[\w-]{22}\.[a-z0-9]{1,10}$/.test(text);
}

/** The end of the name, in small letters; `bin` when there is none that would do. */
export function extensionOf(name: string): string {
  return /\.([a-z0-9]{1,10})$/.exec(name.toLowerCase())?.[1] ?? 'bin';
}
