import { z } from 'zod';
import { idOf } from '../api/values.ts';
import type { Activities } from './activities.ts';
import type { DriveMessageFiles } from './drive-message-files.ts';
import type { DriveSearch } from './drive-search.ts';
import type { DriveShares } from './drive-shares.ts';
import type { DriveTrash } from './drive-trash.ts';
import type { DriveTree } from './drive-tree.ts';
import type { DriveViews } from './drive-views.ts';

export const driveTag = 'Drive';

export const ofNode = z.object({ nodeId: idOf('Of the folder or file', '2') });

export const preview = z.string().max(2_048).optional().meta({
  description: 'A picture of it, uploaded as the file was: of a film, made by who uploads it',
});

export interface DriveParts {
  readonly tree: DriveTree;
  readonly views: DriveViews;
  readonly search: DriveSearch;
  readonly trash: DriveTrash;
  readonly shares: DriveShares;
  readonly activities: Activities;
  readonly messageFiles: DriveMessageFiles;
  readonly linkUrl: (code: string) => string;
}

/** Refuses where nobody has a drive. */
export type WithDrive = () => DriveParts;
