import { randomBytes } from 'node:crypto';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { Passwords } from '../users/password.ts';
import type { DriveTree } from './drive-tree.ts';
import { isRoot, type DriveNode } from './node.ts';
import { chainOf, Level, mustBe, mustPlace, placeFor, placesFor, type Place } from './rights.ts';

export type ShareKind = 'user' | 'group' | 'link';

export interface Share {
  readonly id: number;
  readonly ownerId: number;
  readonly nodeId: number;
  readonly kind: ShareKind;
  readonly subjectId: number;
  readonly level: Level;
  readonly creatorId: number;
  readonly createdTime: number;
  /** Of links. */
  readonly code: string | null;
  /** Its hash. */
  readonly password: string | null;
  readonly endTime: number | null;
  /** Null: as many as want. */
  readonly downloadsLeft: number | null;
}

export interface NewLink {
  readonly password?: string | undefined;
  readonly endTime?: number | undefined;
  readonly downloads?: number | undefined;
}

export interface DriveShareDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly tree: Pick<DriveTree, 'change'>;
  readonly passwords: Pick<Passwords, 'hash'>;
}

/** Of one thing. */
const mostShares = 100;

/** Who else sees what is in a drive: friends, groups of which one is a member, and whoever has a link. */
export class DriveShares {
  readonly #deps: DriveShareDeps;

  constructor(deps: DriveShareDeps) {
    this.#deps = deps;
  }

  async list(userId: number, nodeId: number): Promise<Share[]> {
    const { sql } = this.#deps.database;
    await mustPlace(sql, userId, nodeId, Level.MANAGE);
    return sql('im_drive_share').where({ nodeId }).orderBy('id').select<Share[]>();
  }

  /** Shared with them already, it is that much from now on. */
  async add(
    userId: number,
    nodeId: number,
    { kind, subjectId, level }: { kind: 'user' | 'group'; subjectId: number; level: Level },
  ): Promise<Share> {
    return this.#deps.tree.change(userId, nodeId, async (change) => {
      const { sql } = change;
      const { node } = await this.#mayShare(sql, userId, nodeId);
      await mustKnow(sql, userId, kind, subjectId);
      const same = { nodeId, kind, subjectId };
      if ((await sql('im_drive_share').where(same).update({ level })) === 0)
        await this.#insert(sql, node, { kind, subjectId, level, creatorId: userId });
      change.note({ folderId: node.isFile === 1 ? node.parentId : node.id, node, action: 'shared' });
      return (await sql('im_drive_share').where(same).first()) as Share; // it was just made
    });
  }

  async addLink(
    userId: number,
    nodeId: number,
    { password, endTime, downloads }: NewLink,
    actBy: number,
  ): Promise<Share> {
    const { tree, passwords } = this.#deps;
    if (endTime !== undefined && endTime <= Date.now()) throw new Refusal('driveLinkEnds');
    const hash = password === undefined ? null : await passwords.hash(password, actBy);
    return tree.change(userId, nodeId, async ({ sql }) => {
      const { node } = await this.#mayShare(sql, userId, nodeId);
      const id = await this.#insert(sql, node, {
        ...{ kind: 'link', subjectId: 0, level: Level.VIEW, creatorId: userId, password: hash },
        ...{ endTime: endTime ?? null, downloadsLeft: downloads ?? null },
        code: randomBytes(16).toString('base64url'),
      });
      return (await sql('im_drive_share').where({ id }).first()) as Share; // it was just made
    });
  }

  /** By who may share the thing, or by the one with whom it is shared. */
  async remove(userId: number, id: number): Promise<void> {
    const { database, tree } = this.#deps;
    const share = await database.sql('im_drive_share').where({ id }).first<Share | undefined>();
    const place = share && (await placeFor(database.sql, userId, share.nodeId));
    if (!share || !place) throw new Refusal('driveShareUnknown', { code: 404 });
    await tree.change(userId, share.nodeId, async ({ sql }) => {
      if (share.kind !== 'user' || share.subjectId !== userId)
        await mustPlace(sql, userId, share.nodeId, Level.MANAGE);
      await sql('im_drive_share').where({ id }).delete();
    });
  }

  /** What others share with the user, the newest first; what is in the trash is left out. */
  async withMe(
    userId: number,
    beforeId: number,
    limit: number,
  ): Promise<{ readonly shareId: number; readonly place: Place | undefined }[]> {
    const { sql } = this.#deps.database;
    const shares = await sql('im_drive_share')
      .where(
        (mine) =>
          void mine
            .where({ kind: 'user', subjectId: userId })
            .orWhere(
              (ofGroup) =>
                void ofGroup
                  .where({ kind: 'group' })
                  .whereIn('subjectId', sql('im_group_member').where({ userId, quit: 0 }).select('groupId')),
            ),
      )
      .whereNot({ ownerId: userId })
      .where('id', '<', beforeId)
      .orderBy('id', 'desc')
      .limit(limit)
      .select<Share[]>();
    const places = await placesFor(sql, userId, [...new Set(shares.map(({ nodeId }) => nodeId))]);
    return shares.map(({ id: shareId, nodeId }) => {
      const place = places.get(nodeId);
      // Once, however it is shared.
      places.delete(nodeId);
      return { shareId, place };
    });
  }

  async #mayShare(sql: Sql, userId: number, nodeId: number): Promise<Place> {
    const place = await mustPlace(sql, userId, nodeId, Level.MANAGE);
    mustBe(isRoot(place.chain.at(-1) ?? place.node), 'driveInTrash');
    const [counted] = await sql('im_drive_share').where({ nodeId }).count<{ count: number }[]>('* as count');
    if (Number(counted?.count) >= mostShares)
      throw new Refusal('driveTooManyShares', { values: { most: String(mostShares) } });
    return place;
  }

  async #insert(
    sql: Sql,
    { id: nodeId, ownerId }: DriveNode,
    share: Pick<Share, 'kind' | 'subjectId' | 'level' | 'creatorId'> & Partial<Share>,
  ): Promise<number> {
    const [id = 0] = await sql('im_drive_share').insert({
      nodeId,
      ownerId,
      ...share,
      createdTime: Date.now(),
    });
    return id;
  }
}

/** The link, unless it is over. Its downloads are counted apart. */
export async function findLink(sql: Sql, by: { code: string } | { id: number }): Promise<Share | undefined> {
  const share = await sql('im_drive_share')
    .where({ ...by, kind: 'link' })
    .first<Share | undefined>();
  return share && (share.endTime ?? Infinity) > Date.now() ? share : undefined;
}

/** What a link leads to, or something in it. Undefined: it is not there, or not any more. */
export async function placeForLink(sql: Sql, share: Share, nodeId: number): Promise<Place | undefined> {
  const chain = await chainOf(sql, nodeId);
  const [node] = chain;
  const top = chain.at(-1);
  const from = chain.findIndex(({ id }) => id === share.nodeId);
  if (!node || !top || from < 0 || !isRoot(top) || top.trashedTime === 0) return undefined;
  return { node, chain, level: Level.VIEW, from };
}

async function mustKnow(sql: Sql, userId: number, kind: 'user' | 'group', subjectId: number): Promise<void> {
  const known: unknown =
    kind === 'user'
      ? await sql('im_friend').where({ userId, friendId: subjectId, deleted: 0 }).first('id')
      : await sql('im_group_member').where({ userId, groupId: subjectId, quit: 0 }).first('id');
  if (known === undefined) throw new Refusal(kind === 'user' ? 'notAllFriends' : 'notGroupMember');
}
