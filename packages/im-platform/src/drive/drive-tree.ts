import type { Database, Sql } from '../db/database.ts';
import { makeOnce } from '../db/make-once.ts';
import { Refusal } from '../http/refusal.ts';
import { releaseFiles, type DriveFiles, type Source } from './drive-files.ts';
import { isRoot, mostDepth, type DriveNode, type DriveVersion } from './node.ts';
import { Level, mustBe, mustPlace, placeFor, type Place } from './rights.ts';
import { treeStore, type IfTaken, type ListPlace } from './tree-store.ts';
import type { Activities, Activity, NewActivity } from './activities.ts';

export interface DriveTreeDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly files: DriveFiles;
  readonly activities: Pick<Activities, 'add' | 'tell'>;
  /** How many versions of a file are kept. */
  readonly mostVersions: number;
}

/** What a change of a tree has to do when it is committed. */
export interface Change {
  readonly sql: Sql;
  /** Rows of the table of files that nobody is given any more. */
  readonly released: number[];
  /** What those are told who look at a folder. */
  note(activity: NewActivity): void;
}

export interface NewFile {
  readonly url: string;
  /** Of a picture that shows what it is. */
  readonly preview?: string | undefined;
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
    const asked = { parentId, name, ifTaken };
    return this.#once(userId, { nodeId: parentId, onceKey, asked }, async (change) => {
      const { sql } = change;
      const { node: parent, chain } = await this.#openFolder(sql, userId, parentId);
      mustBe(chain.length < mostDepth, 'driveTooDeep');
      const free = await treeStore.freeName(sql, { parentId, name, ifTaken });
      const id = await treeStore.add(sql, {
        ...{ ownerId: parent.ownerId, parentId, name: free, isFile: false, creatorId: userId },
      });
      change.note({ folderId: parentId, node: { id, name: free }, action: 'added' });
      return id;
    });
  }

  /** A file, or a new version of the one that has the name. */
  async putFile(userId: number, parentId: number, given: NewFile, onceKey: OnceKey): Promise<number> {
    const { url, preview, name, ifTaken } = given;
    // Asked again with its key, it may be in the drive already, and nowhere else.
    const source = await this.#source(userId, url, preview).catch(refusalOf);
    const asked = { parentId, ...given };
    return this.#once(userId, { nodeId: parentId, onceKey, asked }, async (change) => {
      const { sql } = change;
      const { node: parent } = await this.#openFolder(sql, userId, parentId);
      if (source instanceof Refusal) throw source;
      const taken = ifTaken === 'version' ? await treeStore.byName(sql, parentId, name) : undefined;
      if (taken?.isFile === 1) {
        await this.addVersion(change, taken, { userId, source });
        change.note({ folderId: parentId, node: taken, action: 'changed' });
        return taken.id;
      }
      const free = await treeStore.freeName(sql, {
        ...{ parentId, name, ifTaken: ifTaken === 'rename' ? 'rename' : 'refuse' },
      });
      const { ownerId } = parent;
      const id = await treeStore.add(sql, { ownerId, parentId, name: free, isFile: true, creatorId: userId });
      await this.addVersion(change, { id, ownerId, version: 0 }, { userId, source });
      change.note({ folderId: parentId, node: { id, name: free }, action: 'added' });
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
    await this.change(userId, id, async (change) => {
      const { sql } = change;
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
      const moved = { node: { id, name: free } };
      if (to.node.id === from.id) change.note({ ...moved, folderId: from.id, action: 'renamed' });
      else {
        change.note({ ...moved, folderId: from.id, action: 'moved-out' });
        change.note({ ...moved, folderId: to.node.id, action: 'moved-in' });
      }
    });
  }

  /** A new version of a file, of what was uploaded or shown; or of one of its own versions. */
  async putVersion(
    userId: number,
    id: number,
    from: Pick<NewFile, 'url' | 'preview'> | { readonly number: number },
    onceKey: OnceKey,
  ): Promise<void> {
    // As with a new file.
    const source =
      'url' in from ? await this.#source(userId, from.url, from.preview).catch(refusalOf) : undefined;
    await this.#once(userId, { nodeId: id, onceKey, asked: { nodeId: id, ...from } }, async (change) => {
      const { sql } = change;
      const place = await mustPlace(sql, userId, id, Level.EDIT);
      mustBe(place.node.isFile === 1, 'driveNoFile');
      mustBe(isRoot(place.chain.at(-1) ?? place.node), 'driveInTrash');
      if (source instanceof Refusal) throw source;
      const old = 'number' in from ? await treeStore.version(sql, id, from.number) : undefined;
      const given = source ?? (old && again(old));
      if (!given) throw new Refusal('driveNodeUnknown', { code: 404 });
      await this.addVersion(change, place.node, { userId, source: given });
      const action = old ? 'restored' : 'changed';
      change.note({ folderId: place.node.parentId, node: place.node, action });
      return id;
    });
  }

  /** What `work` does is done as a whole or not at all, and by nobody else at the same time. */
  async change<T>(userId: number, id: number, work: (change: Change) => Promise<T>): Promise<T> {
    const ownerId = await this.#ownerOf(userId, id);
    return this.locked(ownerId, work, userId);
  }

  /** The same, of a drive; by its owner if nobody else is named. */
  async locked<T>(ownerId: number, work: (change: Change) => Promise<T>, userId = ownerId): Promise<T> {
    const { database } = this.#deps;
    return this.#told((within) => database.transaction((sql) => within(sql, { ownerId, userId }, work)));
  }

  /** Those that are too many go, the oldest first. */
  async addVersion(
    { sql, released }: Change,
    node: Pick<DriveNode, 'id' | 'ownerId' | 'version'>,
    { userId, source }: { readonly userId: number; readonly source: PlacedSource },
  ): Promise<void> {
    const { files, mostVersions } = this.#deps;
    const to = { by: userId, ownerId: node.ownerId };
    const fileId = await files.take(sql, source, to);
    const previewFileId = source.preview ? await files.take(sql, source.preview, to) : null;
    await treeStore.addVersion(sql, node, { fileId, previewFileId, size: source.size, creatorId: userId });
    released.push(...(await treeStore.dropVersions(sql, node.id, node.version + 1 - mostVersions)));
  }

  /** A change that is done once under its key. Resolves with what `work` resolved with then. */
  async #once(
    userId: number,
    { nodeId, onceKey, asked }: { nodeId: number; onceKey: OnceKey; asked: object },
    work: (change: Change) => Promise<number>,
  ): Promise<number> {
    if (onceKey === undefined) return this.change(userId, nodeId, work);
    const ownerId = await this.#ownerOf(userId, nodeId);
    const once = { userId, what: 'drive', key: onceKey, asked };
    const onReuse = (): never => {
      throw new Refusal('idempotencyKeyReused');
    };
    return this.#told(async (within) => {
      const make = (sql: Sql): Promise<number> => within(sql, { ownerId, userId }, work);
      return (await makeOnce(this.#deps.database, once, make, onReuse)).id;
    });
  }

  async #source(userId: number, url: string, preview: string | undefined): Promise<PlacedSource> {
    const { files } = this.#deps;
    const source = await files.source(userId, url);
    if (preview === undefined) return source;
    const picture = await files.source(userId, preview);
    if (!picture.isPicture) throw new Refusal('imageFormat');
    return { ...source, preview: picture };
  }

  /** What is left to do when the transaction that `run` makes is committed. */
  async #told<T>(run: (within: Within) => Promise<T>): Promise<T> {
    const { files, activities } = this.#deps;
    const released: number[] = [];
    let news: Activity[] = [];
    const result = await run(async (sql, { ownerId, userId }, work) => {
      // It may be tried again.
      released.length = 0;
      const noted: NewActivity[] = [];
      await treeStore.lock(sql, ownerId);
      const done = await work({ sql, released, note: (activity) => void noted.push(activity) });
      await releaseFiles(sql, released);
      news = await activities.add(sql, noted, { ownerId, userId });
      return done;
    });
    await files.delete(released);
    await activities.tell(news);
    return result;
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

/** And a picture of it. */
type PlacedSource = Omit<Source, 'isPicture'> & { readonly preview?: Omit<Source, 'isPicture'> };

/** What a version has, for another one. */
function again({ fileId, previewFileId, size }: DriveVersion): PlacedSource {
  const source = { fileId, size, isFresh: false };
  return previewFileId === null
    ? source
    : { ...source, preview: { fileId: previewFileId, size: 0, isFresh: false } };
}

type Within = <T>(
  sql: Sql,
  who: { readonly ownerId: number; readonly userId: number },
  work: (change: Change) => Promise<T>,
) => Promise<T>;

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
