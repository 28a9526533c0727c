import { gather } from 'im-common/internal/bus';
import { given, higher } from '../db/added.ts';
import type { Database } from '../db/database.ts';

/** Up to where a device was told of a conversation, and whether it shows that. */
export interface ToldPlace {
  readonly userId: number;
  readonly conversation: string;
  readonly sessionId: string;
  readonly number: number;
  readonly isShown: boolean;
}

const most = 100;
/** Those that end while one write is under way are written together, so a large group costs as many writes as it has hundreds. */
const waitMs = 20;

export class ToldPlaces {
  /** Resolves when it is written: a number that only rises. */
  readonly note: (place: ToldPlace) => Promise<void>;

  constructor(database: Pick<Database, 'transaction'>) {
    this.note = gather(
      async (places: readonly ToldPlace[]) => {
        await write(database, places);
        return places.map(() => undefined);
      },
      { most, waitMs },
    );
  }
}

async function write(
  { transaction }: Pick<Database, 'transaction'>,
  places: readonly ToldPlace[],
): Promise<void> {
  // Two instances that write at once lock in the same order; and a deadlock all the same is not the end of it.
  const rows = places
    .toSorted((one, other) => one.userId - other.userId || (one.sessionId < other.sessionId ? -1 : 1))
    .map((place) => ({ ...place, isShown: place.isShown ? 1 : 0 }));
  await transaction((sql) =>
    sql('im_away_place')
      .insert(rows)
      .onConflict(['userId', 'conversation', 'sessionId'])
      .merge({ number: higher(sql, 'number'), isShown: given(sql, 'isShown') }),
  );
}
