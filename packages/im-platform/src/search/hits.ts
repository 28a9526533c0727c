import type { Readable } from '../db/replica.ts';
import { chunksOf } from '../db/chunks.ts';
import { unionOf } from '../messages/pull.ts';

// Messages that have a key of each word, in all conversations that are asked about, the newest first. Of each conversation the key of
// which it has had none for the longest time leads, as the rarest of them. Nothing is read in one piece: of a word that everybody writes
// all the time a search looks at its newest messages, and goes on where it was.

/** Where the search is: below this message. */
export type HitPlace = readonly [id: number, conversation: string];

export interface Hit {
  readonly conversation: string;
  readonly id: number;
  readonly number: number;
}

/** A conversation, and what of it may be seen. */
export interface Searched {
  readonly conversation: string;
  /** The first number. */
  readonly first: number;
  /** The last id; undefined: what is newest. */
  readonly lastId: number | undefined;
  /** The postings of what is searched for. */
  readonly postings: readonly number[];
}

interface Open extends Searched {
  /** The highest id that may have all of them; undefined: it is not known. */
  head: number | undefined;
  /** The posting of that one. */
  leading: number;
  /** Up to this id nothing may be seen. */
  floor: number;
}

interface PostingRow {
  readonly posting: number;
  readonly id: number;
  readonly number: number;
}

const headsPerStatement = 200;
/** Hits of a step, and conversations that they may be of. */
const mostHits = 50;

export class Hits {
  readonly #sql: Readable['sql'];
  #open: Open[];
  #after: HitPlace | undefined;

  constructor(sql: Readable['sql'], searched: readonly Searched[], after: HitPlace | undefined) {
    this.#sql = sql;
    this.#open = searched.map((one) => ({ ...one, head: undefined, leading: 0, floor: 0 }));
    this.#after = after;
  }

  /** The next ones; none: that was all. */
  async next(): Promise<Hit[]> {
    for (;;) {
      await this.#findHeads();
      if (this.#open.length === 0) return [];
      const asked = this.#open.slice(0, mostHits);
      // Of those that are not asked there may be something from there on.
      const next = this.#open[mostHits]?.head ?? 0;
      const hits = (await this.#hitsIn(asked)).filter(({ id }) => id >= next).slice(0, mostHits);
      const last = hits.at(-1);
      if (!last) continue;
      this.#after = [last.id, last.conversation];
      return hits;
    }
  }

  /** Those that have something left, by what is newest. */
  async #findHeads(): Promise<void> {
    const stale = this.#open.filter((one) => one.head === undefined || one.head > this.#upTo(one));
    for (const some of chunksOf(stale, Math.ceil(headsPerStatement / (stale[0]?.postings.length || 1)))) {
      const heads = some.flatMap((one, index) =>
        one.postings.map((posting, place) => {
          const bindings = [posting, this.#upTo(one), `h${index}p${place}`];
          return this.#sql.raw(
            '(select max(id) from im_search_posting where posting = ? and id <= ?) as ??',
            bindings,
          );
        }),
      );
      const [row = {}] = await this.#sql.select<Record<string, number | null>[]>(heads);
      for (const [index, one] of some.entries()) {
        one.head = Infinity;
        for (const [place, posting] of one.postings.entries()) {
          const head = row[`h${index}p${place}`] ?? 0;
          if (head < one.head) [one.head, one.leading] = [head, posting];
        }
      }
    }
    this.#open = this.#open
      .filter(({ head = 0, floor }) => head > floor)
      .sort((one, other) => (other.head ?? 0) - (one.head ?? 0) || byName(one, other));
  }

  #upTo({ conversation, lastId = Number.MAX_SAFE_INTEGER }: Searched): number {
    if (!this.#after) return lastId;
    // Of before there were lanes a private and a group message may have the same id.
    const [id, name] = this.#after;
    return Math.min(lastId, conversation > name ? id : id - 1);
  }

  async #hitsIn(asked: readonly Open[]): Promise<Hit[]> {
    const rows = (await unionOf(
      this.#sql,
      ['posting', 'id', 'number'],
      asked.map(({ leading, head = 0, floor }) =>
        this.#sql('im_search_posting')
          .where({ posting: leading })
          .where('id', '<=', head)
          .where('id', '>', floor)
          .orderBy('id', 'desc')
          .limit(mostHits)
          .select('posting', 'id', 'number'),
      ),
    )) as PostingRow[];
    const byPosting = new Map(asked.map((one) => [one.leading, one]));
    const found = new Set(rows.map(({ posting }) => posting));
    // Taken back meanwhile.
    for (const one of asked) if (!found.has(one.leading)) one.floor = one.head ?? 0;
    const hits = rows.flatMap(({ posting, id, number }): Hit[] => {
      const one = byPosting.get(posting);
      if (!one) return [];
      // Numbers and ids rise together.
      if (number < one.first) one.floor = Math.max(one.floor, id);
      return number < one.first ? [] : [{ conversation: one.conversation, id, number }];
    });
    return hits.sort((one, other) => other.id - one.id || byName(one, other));
  }
}

/** The same of several databases, each with hits of its own: the newest of all first. */
export class MergedHits {
  readonly #sources: { readonly hits: Pick<Hits, 'next'>; waiting: Hit[]; isDone: boolean }[];

  constructor(sources: readonly Pick<Hits, 'next'>[]) {
    this.#sources = sources.map((hits) => ({ hits, waiting: [], isDone: false }));
  }

  async next(): Promise<Hit[]> {
    const merged: Hit[] = [];
    while (merged.length < mostHits) {
      for (const source of this.#sources) {
        if (source.waiting.length > 0 || source.isDone) continue;
        source.waiting = await source.hits.next();
        source.isDone = source.waiting.length === 0;
      }
      const [newest] = this.#sources
        .filter(({ waiting }) => waiting.length > 0)
        .sort((one, other) => byNewest(one.waiting[0], other.waiting[0]));
      const hit = newest?.waiting.shift();
      if (!hit) break;
      merged.push(hit);
    }
    return merged;
  }
}

function byNewest(one: Hit | undefined, other: Hit | undefined): number {
  return one && other ? other.id - one.id || byName(one, other) : 0;
}

function byName(one: { readonly conversation: string }, other: { readonly conversation: string }): number {
  return one.conversation < other.conversation ? -1 : 1;
}
