import { chunksOf } from '../db/chunks.ts';
import { askThere } from '../db/ask-there.ts';
import type { Database } from '../db/database.ts';
import { inPlaces, nameOfPlace, placesPerStatement, type PlaceKey } from '../conversations/place-keys.ts';
import { registrationColumns, toRegistration, type RegistrationRow } from './registrations.ts';
import type { Teller } from './teller.ts';

export interface ReadElsewhereDeps {
  readonly database: Pick<Database, 'sql' | 'of' | 'laneDatabases'>;
  readonly teller: Pick<Teller, 'withdraw'>;
}

/** More are forgotten: what they show goes when somebody looks at it. */
const mostWaiting = 10_000;

/** What somebody has read goes from the screens of their other devices. A read pays nothing for it, and in a crash the last second of it is lost. */
export class ReadElsewhere {
  readonly #deps: ReadElsewhereDeps;
  readonly #waiting = new Map<string, PlaceKey>();

  constructor(deps: ReadElsewhereDeps) {
    this.#deps = deps;
  }

  note(places: readonly PlaceKey[]): void {
    for (const { userId, conversation } of places) {
      if (this.#waiting.size >= mostWaiting) return;
      this.#waiting.set(nameOfPlace({ userId, conversation }), { userId, conversation });
    }
  }

  /** Nobody is told of anything. */
  forget(): void {
    this.#waiting.clear();
  }

  async withdraw(): Promise<void> {
    const places = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const some of chunksOf(places, placesPerStatement)) await this.#withdraw(some);
  }

  async #withdraw(places: readonly PlaceKey[]): Promise<void> {
    const { database, teller } = this.#deps;
    const shown = await findShown(database, places);
    if (shown.length === 0) return;
    const wanted = places.filter((place) => shown.some((one) => nameOfPlace(one) === nameOfPlace(place)));
    const { found, away } = await askThere(database, (at) =>
      findRead(
        at,
        wanted.filter(({ conversation }) => database.of(conversation) === at),
      ),
    );
    // Where nobody says how far they are it is asked again.
    this.note(wanted.filter(({ conversation }) => away.has(database.of(conversation))));
    const read = new Map(found.flat().map((place) => [nameOfPlace(place), place.readNumber]));
    await Promise.all(
      shown.map(async ({ conversation, number, ...row }) => {
        if ((read.get(nameOfPlace({ ...row, conversation })) ?? 0) < number) return;
        await teller.withdraw(toRegistration(row), conversation);
      }),
    );
  }
}

interface Shown extends RegistrationRow {
  readonly conversation: string;
  readonly number: number;
}

async function findShown({ sql }: Pick<Database, 'sql'>, places: readonly PlaceKey[]): Promise<Shown[]> {
  return sql('im_away_place as p')
    .join('im_away_registration as r', 'r.sessionId', 'p.sessionId')
    .join('im_session as e', 'e.id', 'r.sessionId')
    .where(inPlaces(places, 'p'))
    .where('p.isShown', 1)
    .where('e.idleEndTime', '>', Date.now())
    .select<Shown[]>(...registrationColumns, 'p.conversation', 'p.number');
}

async function findRead(
  { sql }: Pick<Database, 'sql'>,
  places: readonly PlaceKey[],
): Promise<(PlaceKey & { readonly readNumber: number })[]> {
  if (places.length === 0) return [];
  return sql('im_conversation_member')
    .where(inPlaces(places))
    .select<(PlaceKey & { readonly readNumber: number })[]>('userId', 'conversation', 'readNumber');
}
