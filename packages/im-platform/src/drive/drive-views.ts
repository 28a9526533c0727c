import { toTime } from '../api/values.ts';
import type { Database } from '../db/database.ts';
import type { ContentLinks, Reader } from './content-links.ts';
import type { DriveNode } from './node.ts';
import { showNode, withPictures, type Showing, type ShownNode } from './node-view.ts';
import { Level, mustPlace, type Place } from './rights.ts';
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

  async shown(userId: number, place: Place): Promise<ShownNode> {
    const [shown] = await this.shownAll(userId, [place]);
    return shown as ShownNode; // one for each
  }

  async shownAll(userId: number, places: readonly Place[]): Promise<ShownNode[]> {
    const pictures = await withPictures(
      this.#sql,
      places.map(({ node }) => node),
    );
    return places.map(({ node, level, from }) =>
      showNode(
        node,
        { reader: { userId }, level, isInside: from > 0 },
        { links: this.#links, hasPicture: pictures.has(node.id) },
      ),
    );
  }

  async versions(userId: number, id: number): Promise<ShownVersion[]> {
    const { node } = await mustPlace(this.#sql, userId, id, Level.VIEW);
    const reader = { userId };
    return (await treeStore.versions(this.#sql, id)).map(({ number, size, creatorId, createdTime }) => ({
      ...{ number, size, creatorId: String(creatorId), createdAt: toTime(createdTime) },
      url: this.#links.of({ kind: 'f', reader, nodeId: id, version: number }, node.name),
    }));
  }
}

export interface ShownVersion {
  readonly number: number;
  readonly size: number;
  readonly creatorId: string;
  readonly createdAt: string;
  readonly url: string;
}
