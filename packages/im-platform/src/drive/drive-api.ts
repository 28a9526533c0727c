import type { FastifyInstance } from 'fastify';
import { Refusal } from '../http/refusal.ts';
import type { DriveParts, WithDrive } from './drive-parts.ts';
import { fileApi } from './file-api.ts';
import { shareApi } from './share-api.ts';
import { trashApi } from './trash-api.ts';
import { treeApi } from './tree-api.ts';

/** Without parts nobody has a drive. */
export function driveApi(app: FastifyInstance, parts: DriveParts | undefined): void {
  const mine: WithDrive = () => {
    if (!parts) throw new Refusal('driveOff', { code: 404 });
    return parts;
  };
  treeApi(app, mine);
  trashApi(app, mine);
  fileApi(app, mine);
  shareApi(app, mine);
}
