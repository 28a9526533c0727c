import type { components } from 'im-chat';
import { api, ask } from '../chat/api.ts';

export type DriveNode = components['schemas']['DriveNode'];
export type DriveShare = components['schemas']['DriveShare'];
export type DriveActivity = components['schemas']['DriveActivity'];

export interface FolderPath {
  readonly id: string;
  readonly name: string;
}

export function driveRoot(): Promise<DriveNode> {
  return ask(api.GET('/v1/drive'));
}

export function mayEdit({ level }: Pick<DriveNode, 'level'>): boolean {
  return level !== 'view';
}

/** Lets the browser load it: a folder as an archive. */
export function load({ url, name }: Pick<DriveNode, 'url' | 'name'>): void {
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: name, rel: 'noopener' });
  link.click();
}
