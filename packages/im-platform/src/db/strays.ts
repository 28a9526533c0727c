import type { Knex } from 'knex';
import { findPlaces, LaneMoved } from './lane-fences.ts';

/**
 * Lanes that are elsewhere, at a process that was told of no other database: it looks at no fences, and what it would change of them here is lost. So it
 * looks now and then whether there are any, and changes nothing there from then on.
 */
export class Strays {
  #lanes: ReadonlyMap<number, string> = new Map();

  /** The names of the databases where they are. */
  async find(sql: Knex): Promise<string[]> {
    this.#lanes = await findPlaces(sql);
    return [...new Set(this.#lanes.values())];
  }

  refuse(lanes: Iterable<number>): void {
    if (this.#lanes.size === 0) return;
    const gone = [...new Set(lanes)].filter((lane) => this.#lanes.has(lane));
    if (gone.length > 0) throw new LaneMoved(gone, '');
  }
}
