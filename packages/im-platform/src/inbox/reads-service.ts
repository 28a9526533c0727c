import type { ReadCount, Readers } from '../conversations/readers.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { MessagePages } from './message-pages.ts';
import type { Place, Places } from './place.ts';

export interface ReadsDeps {
  readonly places: Places;
  readonly pages: Pick<MessagePages, 'between' | 'find'>;
  readonly readers: Readers;
}

/** Who has read what, for those who are in the conversation. */
export class ReadsService {
  readonly #deps: ReadsDeps;

  constructor(deps: ReadsDeps) {
    this.#deps = deps;
  }

  async count({ userId }: Caller, id: string, range: { from: number; to: number }): Promise<ReadCount[]> {
    const { pages, readers } = this.#deps;
    const place = await this.#placeIn(userId, id);
    const from = Math.max(range.from, place.first);
    const to = Math.min(range.to, place.last);
    const messages = from > to ? [] : await pages.between(userId, place, [from, to]);
    return readers.count(
      place.conversation.id,
      messages.map(({ number, senderId }) => ({ number, sendId: Number(senderId) })),
    );
  }

  async list(
    { userId }: Caller,
    id: string,
    number: number,
    wanted: Parameters<Readers['list']>[2],
  ): Promise<{ readonly userId: number }[]> {
    const { pages, readers } = this.#deps;
    const place = await this.#placeIn(userId, id);
    const { senderId } = await pages.find(userId, place, number);
    return readers.list(place.conversation.id, { number, sendId: Number(senderId) }, wanted);
  }

  async #placeIn(userId: number, id: string): Promise<Place> {
    const place = await this.#deps.places.find(userId, id);
    if (place.conversation.kind === 'group' && !place.isIn) throw new Refusal('notMemberForReaders');
    return place;
  }
}
