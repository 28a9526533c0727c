import { z } from 'zod';
import { readCursor, toCursor, type Page } from '../api/cursor.ts';
import { byLaneDatabase } from '../db/by-lane-database.ts';
import type { Database } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { MessagePages } from '../inbox/message-pages.ts';
import { nameOf } from '../message-details/detail-rows.ts';
import type { ShownMessage } from '../inbox/message-view.ts';
import type { Place } from '../inbox/place.ts';
import type { Limiter } from '../limits/limiter.ts';
import { postingOf, wordsOf } from '../message-words/postings.ts';
import { hasTerms, readTerms, type Terms } from '../message-words/words.ts';
import { Hits, MergedHits, type Hit, type HitPlace } from './hits.ts';
import type { SearchedPlaces } from './searched-places.ts';

export interface SearchDeps {
  readonly database: Pick<Database, 'readAside'>;
  readonly places: Pick<SearchedPlaces, 'find' | 'lastIds'>;
  readonly pages: Pick<MessagePages, 'at'>;
  /** Of one user, in a minute. */
  readonly limit: Pick<Limiter, 'take'>;
}

export interface SearchQuery {
  readonly query: string;
  /** @default all of the user's */
  readonly conversationId?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

interface Found {
  readonly hit: Hit;
  readonly message: ShownMessage;
}

/** Of a search that finds little among much: fifty messages are looked at in each. */
const mostSteps = 10;
const hitPlace: z.ZodType<HitPlace> = z.tuple([z.int().min(0), z.string().max(48)]);

/**
 * What was said, by its words. Keys of words lead to messages; each is read as a page of its conversation would show it, and is found if that has
 * the words: so nothing is found that could not be read, nor by what it does not say any more.
 */
export class SearchService {
  readonly #deps: SearchDeps;

  constructor(deps: SearchDeps) {
    this.#deps = deps;
  }

  /** The newest first. */
  async search(
    { userId }: Caller,
    { query, conversationId, cursor, limit }: SearchQuery,
  ): Promise<Page<ShownMessage>> {
    const { database, places, limit: searches } = this.#deps;
    const { isWithin, waitS } = await searches.take(String(userId));
    if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
    const terms = readTerms(query);
    if (!terms) throw new Refusal('nothingToSearchFor');
    const after = readCursor(cursor, hitPlace);
    const found = await places.find(userId, conversationId);
    const lastIds = await places.lastIds(found);
    const searched = found.map(({ conversation: { id: conversation }, first }) => ({
      ...{ conversation, first, lastId: lastIds.get(conversation) },
      postings: terms.keys.map((key) => postingOf(conversation, key)),
    }));
    const placeOf = new Map(found.map((place) => [place.conversation.id, place]));
    const { shown, last } = await database.readAside(async (at) => {
      const each = Array.from(byLaneDatabase(at, searched), ([{ sql }, some]) => new Hits(sql, some, after));
      const [only] = each;
      const hits = only && each.length === 1 ? only : new MergedHits(each);
      return this.#look(hits, limit, (some) => this.#read(userId, placeOf, some, terms));
    });
    const items = shown.slice(0, limit);
    const end = shown.length > limit ? items.at(-1)?.hit : last;
    return {
      items: items.map(({ message }) => message),
      nextCursor: end ? toCursor([end.id, end.conversation] satisfies HitPlace) : null,
    };
  }

  /** More than so many, if there are; and where it ended. */
  async #look(hits: Pick<Hits, 'next'>, limit: number, read: (some: readonly Hit[]) => Promise<Found[]>) {
    const shown: Found[] = [];
    let last: Hit | undefined;
    for (let step = 0; step < mostSteps && shown.length <= limit; step++) {
      const some = await hits.next();
      last = some.at(-1);
      if (!last) break;
      shown.push(...(await read(some)));
    }
    return { shown, last };
  }

  /** Those of them that are what is searched for, as far as the user sees them. */
  async #read(
    userId: number,
    places: ReadonlyMap<string, Place>,
    hits: readonly Hit[],
    terms: Terms,
  ): Promise<Found[]> {
    const messages = await this.#deps.pages.at(userId, places, hits);
    const byName = new Map(
      messages.map((message) => [
        nameOf({ conversation: message.conversationId, number: message.number }),
        message,
      ]),
    );
    return hits.flatMap((hit) => {
      const message = byName.get(nameOf(hit));
      const isIt = message?.id === String(hit.id) && hasTerms(wordsOf(message.content), terms);
      return isIt ? [{ hit, message }] : [];
    });
  }
}
