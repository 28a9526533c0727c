import { toCursor, type Page } from '../api/cursor.ts';
import { toTime } from '../api/values.ts';
import type { Database } from '../db/database.ts';
import type { ContentLinks, Reader } from './content-links.ts';
import { isRoot, type DriveNode } from './node.ts';
import { showNode, withPictures, type Showing, type ShownNode } from './node-view.ts';
import { Level, mustPlace, placeFor, type Place } from './rights.ts';
import { treeStore } from './tree-store.ts';

/** What people see of drives. */
export class DriveViews {
  readonly #sql: Database['sql'];
  readonly #links: ContentLinks;

  constructor({ sql }: Pick<Database, 'sql'>, links: ContentLinks) {
    this.#sql = sql;
    this.#links = links;
  }

  async one(userId: number, id: number): Promise<ShownNode> {
    return this.shown(userId, await mustPlace(this.#sql, userId, id, Level.VIEW));
  }

  async withPath(
    userId: number,
    id: number,
  ): Promise<ShownNode & { readonly path: { readonly id: string; readonly name: string }[] }> {
    const place = await mustPlace(this.#sql, userId, id, Level.VIEW);
    const above = place.chain.slice(1, place.from + 1).toReversed();
    return {
      ...(await this.shown(userId, place)),
      path: above.map((node) => ({ id: String(node.id), name: node.name })),
    };
  }

  /** How what is in a folder is shown to somebody. */
  childrenOf(
    userId: number,
    { level }: Place,
    nodes: readonly DriveNode[],
  ): Promise<(node: DriveNode) => ShownNode> {
    return this.shower({ userId }, { level, isInside: true }, nodes);
  }

  async shower(
    reader: Reader,
    about: Omit<Showing, 'reader'>,
    nodes: readonly DriveNode[],
  ): Promise<(node: DriveNode) => ShownNode> {
    const pictures = await withPictures(this.#sql, nodes);
    return (node) =>
      showNode(node, { reader, ...about }, { links: this.#links, hasPicture: pictures.has(node.id) });
  }

  async shown(userId: number, { node, level, from }: Place): Promise<ShownNode> {
    return (await this.shower({ userId }, { level, isInside: from > 0 }, [node]))(node);
  }

  async versions(userId: number, id: number): Promise<ShownVersion[]> {
    const { node } = await mustPlace(this.#sql, userId, id, Level.VIEW);
    const reader = { userId };
    return (await treeStore.versions(this.#sql, id)).map(({ number, size, creatorId, createdTime }) => ({
      ...{ number, size, creatorId: String(creatorId), createdAt: toTime(createdTime) },
      url: this.#links.of({ kind: 'f', reader, nodeId: id, version: number }, node.name),
    }));
  }

  /** Looks at so many names in one go. */
  async search(userId: number, text: string, afterId: number): Promise<Page<ShownNode>> {
    const found = await treeStore.named(this.#sql, userId, { text, afterId, limit: looksAt });
    const items: ShownNode[] = [];
    for (const { id } of found) {
      const place = await placeFor(this.#sql, userId, id);
      if (place && isRoot(place.chain.at(-1) ?? place.node)) items.push(await this.shown(userId, place));
    }
    const last = found.at(-1);
    return { items, nextCursor: found.length === looksAt && last ? toCursor(last.id) : null };
  }
}

const looksAt = 50;

export interface ShownVersion {
  readonly number: number;
  readonly size: number;
  readonly creatorId: string;
  readonly createdAt: string;
  readonly url: string;
}
