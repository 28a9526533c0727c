import type { Note } from '../admin/admin-route.ts';
import { Trail } from '../admins/trail.ts';
import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { Share } from './drive-shares.ts';

/** What those who run the platform see of a share: neither where a link leads nor its password. */
export interface SeenShare extends Omit<Share, 'code' | 'password'> {
  readonly hasPassword: number;
  readonly name: string;
  readonly isFile: number;
}

/** Of whom, and of what; all of them where neither is said. */
export interface SharesOf {
  /** Whose drive it is in, or with whom it is shared. */
  readonly userId: number | undefined;
  readonly nodeId: number | undefined;
}

const columns = [
  ...(['s.id', 's.ownerId', 's.nodeId', 's.kind', 's.subjectId', 's.level', 's.creatorId'] as const),
  ...(['s.createdTime', 's.endTime', 's.downloadsLeft', 'n.name', 'n.isFile'] as const),
];

/** Where those who run the platform look at what people share, and end it. */
export class ShareDesk {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  /** The newest first. */
  async list({ userId, nodeId }: SharesOf, beforeId: number, limit: number): Promise<SeenShare[]> {
    const page = (about: object) =>
      this.#page(nodeId === undefined ? about : { ...about, 's.nodeId': nodeId }, beforeId, limit);
    if (userId === undefined) return page({});
    // Each by its own index, which `or` would not use. Nobody shares with themselves, so none is in both.
    const [theirs, withThem] = await Promise.all([
      page({ 's.ownerId': userId }),
      page({ 's.kind': 'user', 's.subjectId': userId }),
    ]);
    return [...theirs, ...withThem].toSorted((one, other) => other.id - one.id).slice(0, limit);
  }

  /** Asked again it is done, and noted as that; what an admin has ended is known by the trail. */
  end(
    id: number,
    { action, subject }: { readonly action: string; readonly subject: string },
    note: Note,
  ): Promise<void> {
    return this.#database.transaction(async (sql) => {
      const share = await sql('im_drive_share').where({ id }).forUpdate().first<Share | undefined>();
      if (share) {
        await sql('im_drive_share').where({ id }).delete();
        const { ownerId, nodeId, kind, subjectId } = share;
        // Not its name: the audit trail stays when whoever has the drive is erased.
        await note(sql, {
          ownerId: String(ownerId),
          nodeId: String(nodeId),
          kind,
          subjectId: String(subjectId),
        });
        return;
      }
      const [before] = await new Trail({ sql }).before(Number.MAX_SAFE_INTEGER, 1, { action, subject });
      if (!before) throw new Refusal('driveShareUnknown', { code: 404 });
      await note(sql, { isRepeated: true });
    });
  }

  #page(about: object, beforeId: number, limit: number): Promise<SeenShare[]> {
    const { sql } = this.#database;
    return sql('im_drive_share as s')
      .join('im_drive_node as n', 'n.id', 's.nodeId')
      .where(about)
      .where('s.id', '<', beforeId)
      .orderBy('s.id', 'desc')
      .limit(limit)
      .select<SeenShare[]>(...columns, sql.raw('s.password is not null as has_password'));
  }
}
