import type { Database, Sql } from '../db/database.ts';
import { makeOnce } from '../db/make-once.ts';
import { Refusal } from '../http/refusal.ts';
import type { DriveFiles, Source } from './drive-files.ts';
import { isRoot, mostDepth, type DriveNode } from './node.ts';
import { Level, mustBe, mustPlace, placeFor, type Place } from './rights.ts';
import { treeStore, type IfTaken, type ListPlace } from './tree-store.ts';

export interface DriveTreeDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly files: DriveFiles;
  /** How many versions of a file are kept. */
  readonly mostVersions: number;
}

/** What a change of a tree has to do when it is committed. */
export interface Change {
  readonly sql: Sql;
  /** Rows of the table of files that nobody is given any more. */
  readonly released: number[];
}

export interface NewFile {
  readonly url: string;
  readonly name: string;
  /** `version`: what is there gets a new version. */
  readonly ifTaken: IfTaken | 'version';
}

/** A request under its maker's own name. */
type OnceKey = string | undefined;

/**
 * Folders and files. Whatever changes the tree of a drive locks the drive first, and judges by what is there then: so no folder gets into
 * itself, no name is there twice, and a right that has ended is not used, however many do what at once and on whichever instance.
 */
export class DriveTree {
  readonly #deps: DriveTreeDeps;

  constructor(deps: DriveTreeDeps) {
    this.#deps = deps;
  }

  root(userId: number): Promise<DriveNode> {
    return treeStore.root(this.#deps.database, userId);
  }

  find(userId: number, id: number): Promise<Place> {
    return mustPlace(this.#deps.database.sql, userId, id, Level.VIEW);
  }

  async list(
    userId: number,
    folderId: number,
    after: ListPlace | undefined,
    limit: number,
  ): Promise<{ readonly place: Place; readonly nodes: DriveNode[] }> {
    const { sql } = this.#deps.database;
    const place = await mustPlace(sql, userId, folderId, Level.VIEW);
    mustBe(place.node.isFile === 0, 'driveNoFolder');
    return { place, nodes: await treeStore.list(sql, folderId, after, limit) };
  }

  async makeFolder(
    userId: number,
    { parentId, name, ifTaken }: { parentId: number; name: string; ifTaken: IfTaken },
    onceKey: OnceKey,
  ): Promise<number> {
    return this.#make(userId, { parentId, onceKey, asked: { parentId, name, ifTaken } }, async ({ sql }) => {
      const { node: parent, chain } = await this.#openFolder(sql, userId, parentId);
      mustBe(chain.length < mostDepth, 'driveTooDeep');
      const free = await treeStore.freeName(sql, { parentId, name, ifTaken });
      return treeStore.add(sql, {
        ...{ ownerId: parent.ownerId, parentId, name: free, isFile: false, creatorId: userId },
      });
    });
  }

  /** A file, or a new version of the one that has the name. */
  async putFile(userId: number, parentId: number, given: NewFile, onceKey: OnceKey): Promise<number> {
    const { url, name, ifTaken } = given;
    // Asked again with its key, it may be in the drive already, and nowhere else.
    const source = await this.#deps.files.source(userId, url).catch(refusalOf);
    return this.#make(userId, { parentId, onceKey, asked: { parentId, ...given } }, async (change) => {
      const { sql } = change;
      const { node: parent } = await this.#openFolder(sql, userId, parentId);
      if (source instanceof Refusal) throw source;
      const taken = ifTaken === 'version' ? await treeStore.byName(sql, parentId, name) : undefined;
      if (taken?.isFile === 1) {
        await this.addVersion(change, taken, { userId, source });
        return taken.id;
      }
      const free = await treeStore.freeName(sql, {
        ...{ parentId, name, ifTaken: ifTaken === 'rename' ? 'rename' : 'refuse' },
      });
      const { ownerId } = parent;
      const id = await treeStore.add(sql, { ownerId, parentId, name: free, isFile: true, creatorId: userId });
      await this.addVersion(change, { id, ownerId, version: 0 }, { userId, source });
      return id;
    });
  }

  /** Another name, another folder, or both. */
  async move(
    userId: number,
    id: number,
    {
      name,
      parentId,
      ifTaken,
    }: { name?: string | undefined; parentId?: number | undefined; ifTaken: IfTaken },
  ): Promise<void> {
    await this.change(userId, id, async ({ sql }) => {
      const { node, chain } = await mustPlace(sql, userId, id, Level.EDIT);
      mustBe(!isRoot(node), 'driveRoot');
      const [, from] = chain;
      mustBe(from !== undefined, 'driveInTrash');
      // Who may edit a thing alone, as it was shared alone, may not take it away from where it is.
      const around = await placeFor(sql, userId, from.id);
      mustBe((around?.level ?? Level.NONE) >= Level.EDIT, 'driveNotAllowed');
      const to = await this.#openFolder(sql, userId, parentId ?? from.id);
      mustBe(to.node.ownerId === node.ownerId, 'driveElsewhere');
      mustBe(!to.chain.some((one) => one.id === id), 'driveIntoItself');
      if (node.isFile === 0) {
        const height = await treeStore.heightOf(sql, id);
        mustBe(to.chain.length + height <= mostDepth, 'driveTooDeep');
      }
      const wanted = { parentId: to.node.id, name: name ?? node.name, ifTaken, except: id };
      const free = await treeStore.freeName(sql, wanted);
      await treeStore.place(sql, id, { parentId: to.node.id, name: free });
    });
  }

  /** What `work` does is done as a whole or not at all, and by nobody else at the same time. */
  async change<T>(userId: number, id: number, work: (change: Change) => Promise<T>): Promise<T> {
    const ownerId = await this.#ownerOf(userId, id);
    return this.locked(ownerId, work);
  }

  /** The same, of a drive. */
  async locked<T>(ownerId: number, work: (change: Change) => Promise<T>): Promise<T> {
    const { database, files } = this.#deps;
    const released: number[] = [];
    const result = await database.transaction(async (sql) => {
      released.length = 0;
      await treeStore.lock(sql, ownerId);
      const done = await work({ sql, released });
      await files.giveUp(sql, released);
      return done;
    });
    await files.delete(released);
    return result;
  }

  /** Those that are too many go, the oldest first. */
  async addVersion(
    { sql, released }: Change,
    node: Pick<DriveNode, 'id' | 'ownerId' | 'version'>,
    { userId, source }: { readonly userId: number; readonly source: Source },
  ): Promise<void> {
    const { files, mostVersions } = this.#deps;
    const fileId = await files.take(sql, source, { by: userId, ownerId: node.ownerId });
    await treeStore.addVersion(sql, node, { fileId, size: source.size, creatorId: userId });
    released.push(...(await treeStore.dropVersions(sql, node.id, node.version + 1 - mostVersions)));
  }

  async #make(
    userId: number,
    { parentId, onceKey, asked }: { parentId: number; onceKey: OnceKey; asked: object },
    work: (change: Change) => Promise<number>,
  ): Promise<number> {
    if (onceKey === undefined) return this.change(userId, parentId, work);
    const { database, files } = this.#deps;
    const ownerId = await this.#ownerOf(userId, parentId);
    const released: number[] = [];
    const made = await makeOnce(
      database,
      { userId, what: 'drive', key: onceKey, asked },
      async (sql) => {
        released.length = 0;
        await treeStore.lock(sql, ownerId);
        const id = await work({ sql, released });
        await files.giveUp(sql, released);
        return id;
      },
      () => {
        throw new Refusal('idempotencyKeyReused');
      },
    );
    await files.delete(released);
    return made.id;
  }

  /** A folder into which something may be put. */
  async #openFolder(sql: Sql, userId: number, id: number): Promise<Place> {
    const place = await mustPlace(sql, userId, id, Level.EDIT);
    mustBe(place.node.isFile === 0, 'driveNoFolder');
    mustBe(isRoot(place.chain.at(-1) ?? place.node), 'driveInTrash');
    return place;
  }

  /** Whose drive it is in, which never changes. */
  async #ownerOf(userId: number, id: number): Promise<number> {
    return (await mustPlace(this.#deps.database.sql, userId, id, Level.VIEW)).node.ownerId;
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
