import { chunksOf } from '../db/chunks.ts';
import type { Database } from '../db/database.ts';
import { inPlaces, nameOfPlace, placesPerStatement, type PlaceKey } from '../conversations/place-keys.ts';
import { registrationColumns, toRegistration, type RegistrationRow } from './registrations.ts';
import type { Teller } from './teller.ts';

export interface ReadElsewhereDeps {
  readonly database: Pick<Database, 'sql'>;
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
    const { database, teller } = this.#deps;
    const places = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const some of chunksOf(places, placesPerStatement)) {
      const shown = await database
        .sql('im_away_place as p')
        .join('im_away_registration as r', 'r.sessionId', 'p.sessionId')
        .join('im_session as e', 'e.id', 'r.sessionId')
        .join('im_conversation_member as m', { 'm.userId': 'p.userId', 'm.conversation': 'p.conversation' })
        .where(inPlaces(some, 'p'))
        .where('p.isShown', 1)
        .whereRaw('?? >= ??', ['m.readNumber', 'p.number'])
        .where('e.idleEndTime', '>', Date.now())
        .select<(RegistrationRow & { readonly conversation: string })[]>(
          ...registrationColumns,
          'p.conversation',
        );
      await Promise.all(
        shown.map(({ conversation, ...row }) => teller.withdraw(toRegistration(row), conversation)),
      );
    }
  }
}
