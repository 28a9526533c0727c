import type { Database } from '../db/database.ts';
import type { ContentLinks } from './content-links.ts';
import type { DriveNode } from './node.ts';
import { showNode, withPictures, type ShownNode } from './node-view.ts';
import { Level, mustPlace, type Place } from './rights.ts';

/** What people see of drives. */
export class DriveViews {
  readonly #sql: Database['sql'];
  readonly #links: ContentLinks;

  constructor({ sql }: Pick<Database, 'sql'>, links: ContentLinks) {
    this.#sql = sql;
    this.#links = links;
  }

  async one(userId: number, id: number): Promise<ShownNode> {
    return this.#show(userId, await mustPlace(this.#sql, userId, id, Level.VIEW));
  }

  async withPath(
    userId: number,
    id: number,
  ): Promise<ShownNode & { readonly path: { readonly id: string; readonly name: string }[] }> {
    const place = await mustPlace(this.#sql, userId, id, Level.VIEW);
    const above = place.chain.slice(1, place.from + 1).toReversed();
    return {
      ...(await this.#show(userId, place)),
      path: above.map((node) => ({ id: String(node.id), name: node.name })),
    };
  }

  /** How what is in a folder is shown to somebody. */
  async childrenOf(
    userId: number,
    { level }: Place,
    nodes: readonly DriveNode[],
  ): Promise<(node: DriveNode) => ShownNode> {
    const pictures = await withPictures(this.#sql, nodes);
    const showing = { reader: { userId }, level, isInside: true };
    return (node) => showNode(node, showing, { links: this.#links, hasPicture: pictures.has(node.id) });
  }

  async #show(userId: number, { node, level, from }: Place): Promise<ShownNode> {
    const pictures = await withPictures(this.#sql, [node]);
    const showing = { reader: { userId }, level, isInside: from > 0 };
    return showNode(node, showing, { links: this.#links, hasPicture: pictures.has(node.id) });
  }
}
