import type { Logger } from 'im-common';
import { byLaneDatabase } from '../db/by-lane-database.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import type { ConversationStore } from './conversation-store.ts';
import { lanesOfAll } from '../db/lanes.ts';
import { nameOfPlace, peopleOf, placesPerStatement, type PlaceKey } from './place-keys.ts';
import { liftPlaces, lockPlaces } from './places.ts';
import type { StateNews } from './state-news.ts';

export interface DeliveredPositionDeps {
  readonly database: Pick<Database, 'of'>;
  readonly store: Pick<ConversationStore, 'findSyncing'>;
  readonly news: Pick<StateNews, 'tellPositions'>;
  readonly logger: Logger;
}

/** A device of that user has all of a private conversation up to a number. */
export interface Delivered extends PlaceKey {
  readonly number: number;
}

/** Nobody waits for it, so it costs as little with one message as with thousands. */
const windowMs = 200;
/** More are forgotten while the database is away: what comes or is read later says the same of what was before. */
const mostWaiting = 100_000;

/** How far private messages have reached those whom they are for; their senders hear of it. On a kill that of the last moment is lost. */
export class DeliveredPositions {
  readonly #deps: DeliveredPositionDeps;
  readonly #waiting = new Map<string, Delivered>();
  /** In each database one after the other; one that hangs holds up none of the others. */
  readonly #storing = new Map<LaneDatabase, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(deps: DeliveredPositionDeps) {
    this.#deps = deps;
  }

  note(delivered: Delivered): void {
    const name = nameOfPlace(delivered);
    const known = this.#waiting.get(name);
    if (known ? known.number >= delivered.number : this.#waiting.size >= mostWaiting) return;
    this.#waiting.set(name, delivered);
    if (!this.#storing.has(this.#deps.database.of(delivered.conversation))) this.#beginSoon();
  }

  /** Resolves when what was noted is stored. Nobody is told any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#storing.values());
    this.#begin();
    await Promise.all(this.#storing.values());
  }

  #beginSoon(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#begin();
    }, windowMs);
  }

  #begin(): void {
    for (const [place, noted] of byLaneDatabase(this.#deps.database, [...this.#waiting.values()])) {
      if (this.#storing.has(place)) continue;
      for (const one of noted) this.#waiting.delete(nameOfPlace(one));
      const storing = this.#store(place, noted).then(() => {
        this.#storing.delete(place);
        if (this.#waiting.size > 0) this.#beginSoon();
      });
      this.#storing.set(place, storing);
    }
  }

  async #store(place: LaneDatabase, noted: readonly Delivered[]): Promise<void> {
    const { store, news, logger } = this.#deps;
    for (const some of chunksOf(noted, placesPerStatement))
      try {
        const risen = await place.changeIn(lanesOfAll(some), (sql) => moveDelivered(sql, some));
        if (risen.length === 0 || this.#isClosed) continue;
        const senders = risen.flatMap(({ conversation }) => peopleOf(conversation));
        await news.tellPositions(risen, await store.findSyncing(senders));
      } catch (error) {
        logger.warn({ err: error, places: some.length }, 'what was delivered is not known to its senders');
      }
  }
}

/** Returns those that are further than they were. */
async function moveDelivered(sql: Sql, noted: readonly Delivered[]): Promise<Delivered[]> {
  const places = await lockPlaces(sql, noted);
  const known = new Map(
    places.map((place) => [nameOfPlace(place), Math.max(place.deliveredNumber, place.readNumber)]),
  );
  const risen = noted.filter((one) => one.number > (known.get(nameOfPlace(one)) ?? Infinity));
  if (risen.length === 0) return risen;
  await sql('im_conversation_member')
    .insert(risen.map(({ number, ...place }) => ({ ...place, deliveredNumber: number })))
    .onConflict(['userId', 'conversation'])
    .merge(['deliveredNumber']);
  await liftPlaces(
    sql,
    risen.flatMap(({ userId, conversation }) =>
      peopleOf(conversation)
        .filter((id) => id !== userId)
        .map((id) => ({ userId: id, conversation })),
    ),
  );
  return risen;
}
