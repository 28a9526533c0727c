import {
  Download,
  FolderInput,
  Pencil,
  RotateCcw,
  RotateCcwClock,
  ScrollText,
  Send,
  Share2,
  Trash,
} from '@lucide/vue';
import { api, ask } from '../chat/api.ts';
import { confirm } from '../parts/confirm.ts';
import type { MenuItem } from '../parts/menu.ts';
import { attempt, say } from '../parts/toasts.ts';
import { changed, driveDialog, type OpenDialog } from './dialogs.ts';
import { load, mayEdit, type DriveNode } from './node.ts';
import { d } from './texts.ts';

/** What can be done with a file or a folder. */
export function nodeMenu(node: DriveNode): MenuItem[] {
  const open = (is: Extract<OpenDialog, { node: DriveNode }>['is']) => (): void => {
    driveDialog.value = { is, node };
  };
  const isFile = node.type === 'file';
  // Who may edit a thing that was shared alone leaves it where it is.
  const isMovable = mayEdit(node) && node.parentId !== null;
  const items: (MenuItem | false)[] = [
    { label: d('download'), icon: Download, act: () => load(node) },
    isFile && { label: d('send'), icon: Send, act: open('send') },
    node.level === 'manage' && { label: d('share'), icon: Share2, act: open('share') },
    isMovable && { label: d('rename'), icon: Pencil, act: open('rename') },
    isMovable && { label: d('move'), icon: FolderInput, act: open('move') },
    isFile && { label: d('versions'), icon: RotateCcwClock, act: open('versions') },
    !isFile && { label: d('activity'), icon: ScrollText, act: open('activity') },
    isMovable && {
      ...{ label: d('throwAway'), icon: Trash, isDangerous: true },
      act: () => void throwAway(node),
    },
  ];
  return items.filter((item) => item !== false);
}

/** The same of what is in the trash. */
export function trashMenu(node: DriveNode): MenuItem[] {
  return [
    { label: d('restore'), icon: RotateCcw, act: () => void restore(node) },
    { label: d('remove'), icon: Trash, isDangerous: true, act: () => void remove(node) },
  ];
}

async function throwAway({ id: nodeId, name }: DriveNode): Promise<void> {
  const params = { path: { nodeId } };
  if (await attempt(() => ask(api.DELETE('/v1/drive/nodes/{nodeId}', { params }))))
    say(d('thrownAway', { name }));
  changed();
}

async function restore({ id: nodeId, name }: DriveNode): Promise<void> {
  const params = { path: { nodeId } };
  if (await attempt(() => ask(api.POST('/v1/drive/trash/{nodeId}/restore', { params }))))
    say(d('restored', { name }));
  changed();
}

async function remove({ id: nodeId, name }: DriveNode): Promise<void> {
  const isSure = await confirm({
    ...{ title: d('remove'), text: d('removeSure', { name }) },
    ...{ yes: d('remove'), isDangerous: true },
  });
  if (!isSure) return;
  await attempt(() => ask(api.DELETE('/v1/drive/trash/{nodeId}', { params: { path: { nodeId } } })));
  changed();
}

export async function emptyTrash(): Promise<void> {
  const isSure = await confirm({
    ...{ title: d('emptyTrash'), text: d('emptyTrashSure') },
    ...{ yes: d('emptyTrash'), isDangerous: true },
  });
  if (!isSure) return;
  await attempt(() => ask(api.DELETE('/v1/drive/trash')));
  changed();
}
