import { shallowRef } from 'vue';
import type { DriveNode } from './node.ts';

/** What is to be kept that a message shows. */
export interface Keeping {
  readonly url: string;
  readonly name: string;
}

export type OpenDialog =
  | { readonly is: 'folder'; readonly parent: DriveNode }
  | { readonly is: 'rename' | 'move' | 'share' | 'versions' | 'send' | 'activity'; readonly node: DriveNode }
  | { readonly is: 'keep'; readonly what: Keeping };

/** One at a time. */
export const driveDialog = shallowRef<OpenDialog>();
/** Rises when something was changed here, so that what is shown is looked at again. */
export const changes = shallowRef(0);

export function changed(): void {
  changes.value += 1;
}
