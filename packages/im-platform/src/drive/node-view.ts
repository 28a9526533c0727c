import { z } from 'zod';
import { idText, time, toTime } from '../api/values.ts';
import type { Sql } from '../db/database.ts';
import type { ContentLinks, Reader } from './content-links.ts';
import { isRoot, type DriveNode } from './node.ts';
import { levelNames, type Level, type LevelName } from './rights.ts';

export const driveNode = z
  .object({
    id: idText('Of the folder or file'),
    type: z.enum(['folder', 'file']),
    name: z.string().meta({ description: 'Empty: it is the drive itself' }),
    parentId: z.string().nullable().meta({ description: 'Null: what it is in is not shown to the caller' }),
    ownerId: idText('Of whoever has the drive'),
    creatorId: idText('Of whoever made it'),
    level: z.enum(['view', 'edit', 'manage']).meta({ description: 'What the caller may do with it' }),
    size: z.int().meta({ description: 'Of the newest version; 0 of folders' }),
    version: z.int().meta({ description: 'The newest one; 0 of folders' }),
    createdAt: time,
    changedAt: time,
    url: z.string().meta({
      description:
        'Loads it, a folder as an archive; for some hours, and for as long as the caller may see it',
    }),
    thumbnail: z.string().nullable().meta({ description: 'Loads a small picture of it' }),
  })
  .meta({ id: 'DriveNode' });

export type ShownNode = z.input<typeof driveNode>;

export interface Showing {
  readonly reader: Reader;
  readonly level: Level;
  /** Whether the caller may see what it is in. */
  readonly isInside: boolean;
}

/** Which of these files have a small picture. */
export async function withPictures(sql: Sql, nodes: readonly DriveNode[]): Promise<Set<number>> {
  const ids = nodes.filter(({ isFile }) => isFile === 1).map(({ id }) => id);
  if (ids.length === 0) return new Set();
  const rows = await sql('im_drive_node as n')
    .join('im_drive_version as v', { 'v.nodeId': 'n.id', 'v.number': 'n.version' })
    .join('im_file_info as f', 'f.id', 'v.fileId')
    .whereIn('n.id', ids)
    .where((shown) => void shown.whereNotNull('f.compressedPath').orWhereNotNull('v.previewFileId'))
    .select<{ id: number }[]>('n.id');
  return new Set(rows.map(({ id }) => id));
}

export function showNode(
  node: DriveNode,
  { reader, level, isInside }: Showing,
  { links, hasPicture }: { readonly links: ContentLinks; readonly hasPicture: boolean },
): ShownNode {
  const { id, version, name } = node;
  const isFolder = node.isFile === 0;
  const parent = node.trashedFrom ?? node.parentId;
  const at = { reader, nodeId: id, version };
  return {
    ...{ id: String(id), type: isFolder ? 'folder' : 'file', name, size: node.size, version },
    ...{ ownerId: String(node.ownerId), creatorId: String(node.creatorId) },
    parentId: isInside && !isRoot(node) ? String(parent) : null,
    level: levelNames[level] as LevelName, // who sees it may do something
    ...{ createdAt: toTime(node.createdTime), changedAt: toTime(node.changedTime) },
    url: isFolder
      ? links.of({ ...at, kind: 'z' }, `${name === '' ? 'drive' : name}.zip`)
      : links.of({ ...at, kind: 'f' }, name),
    thumbnail: hasPicture ? links.of({ ...at, kind: 't' }, 'preview.webp') : null,
  };
}
