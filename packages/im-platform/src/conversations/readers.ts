import type { Database } from '../db/database.ts';

// Who has read what follows from how far each has read: one number in their place, whatever the number of messages. Who came
// later has no part in what was said before, though their number is past it.

/** A message, as far as its readers go. */
export interface ReadMessage {
  readonly number: number;
  readonly sendId: number;
}

/** How many have read a message, of those beside its sender who are there now and could. */
export interface ReadCount {
  readonly number: number;
  readonly readers: number;
  readonly others: number;
}

/** How many members are at a number or below it; in rising order. */
type Steps = readonly { readonly number: number; readonly upTo: number }[];

/** The positions of all members at one moment. */
interface Positions {
  readonly members: number;
  readonly reads: Steps;
  readonly firsts: Steps;
}

/** Counted so often at most: a screen of messages of a large group is asked about by each of its members. */
const countedForMs = 1_000;
const mostCounted = 1_000;

export class Readers {
  readonly #database: Pick<Database, 'of'>;
  /** The oldest first. */
  readonly #counted = new Map<string, { readonly at: number; readonly positions: Promise<Positions> }>();

  constructor(database: Pick<Database, 'of'>) {
    this.#database = database;
  }

  async count(conversation: string, messages: readonly ReadMessage[]): Promise<ReadCount[]> {
    if (messages.length === 0) return [];
    const { members, reads, firsts } = await this.#positions(conversation);
    const senders = await this.#placesOf(conversation, new Set(messages.map(({ sendId }) => sendId)));
    return messages.map(({ number, sendId }) => {
      const late = members - countUpTo(firsts, number);
      const sender = senders.get(sendId);
      const isCounted = sender !== undefined && sender.firstNumber <= number;
      const others = members - late - (isCounted ? 1 : 0);
      const readers =
        members - countUpTo(reads, number - 1) - late - (isCounted && sender.readNumber >= number ? 1 : 0);
      // The sender's place is of this moment, the others' of up to a second before.
      return { number, readers: Math.max(0, Math.min(readers, others)), others };
    });
  }

  /** Those who have read it, or have not, in the order of their ids. */
  async list(
    conversation: string,
    { number, sendId }: ReadMessage,
    { hasRead, after, limit }: { readonly hasRead: boolean; readonly after: number; readonly limit: number },
  ): Promise<{ readonly userId: number }[]> {
    return this.#database
      .of(conversation)
      .sql('im_conversation_member')
      .where({ conversation })
      .whereNull('leftNumber')
      .where('readNumber', hasRead ? '>=' : '<', number)
      .where('firstNumber', '<=', number)
      .where('userId', '>', after)
      .whereNot('userId', sendId)
      .orderBy('userId')
      .limit(limit)
      .select('userId');
  }

  async #positions(conversation: string): Promise<Positions> {
    const known = this.#counted.get(conversation);
    if (known && Date.now() - known.at < countedForMs) return known.positions;
    const positions = this.#ask(conversation);
    this.#counted.delete(conversation);
    this.#counted.set(conversation, { at: Date.now(), positions });
    const [oldest] = this.#counted.keys();
    if (this.#counted.size > mostCounted && oldest !== undefined) this.#counted.delete(oldest);
    // What failed is asked again by the next.
    positions.catch(() => this.#counted.delete(conversation));
    return positions;
  }

  async #ask(conversation: string): Promise<Positions> {
    const rows: { readNumber: number; firstNumber: number; members: number }[] = await this.#database
      .of(conversation)
      .sql('im_conversation_member')
      .where({ conversation })
      .whereNull('leftNumber')
      .groupBy('readNumber', 'firstNumber')
      .select('readNumber', 'firstNumber')
      .count('* as members');
    return {
      members: rows.reduce((sum, { members }) => sum + members, 0),
      reads: stepsOf(rows.map(({ readNumber, members }) => [readNumber, members])),
      firsts: stepsOf(rows.map(({ firstNumber, members }) => [firstNumber, members])),
    };
  }

  async #placesOf(
    conversation: string,
    userIds: ReadonlySet<number>,
  ): Promise<Map<number, { readonly firstNumber: number; readonly readNumber: number }>> {
    const rows = await this.#database
      .of(conversation)
      .sql('im_conversation_member')
      .whereIn('userId', [...userIds])
      .where({ conversation })
      .whereNull('leftNumber')
      .select<{ userId: number; firstNumber: number; readNumber: number }[]>(
        'userId',
        'firstNumber',
        'readNumber',
      );
    return new Map(rows.map((row) => [row.userId, row]));
  }
}

function stepsOf(counts: [number: number, members: number][]): Steps {
  let upTo = 0;
  return counts
    .sort(([one], [other]) => one - other)
    .map(([number, members]) => ({ number, upTo: (upTo += members) }));
}

function countUpTo(steps: Steps, number: number): number {
  let [from, to] = [0, steps.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((steps[middle]?.number ?? 0) <= number) from = middle + 1;
    else to = middle;
  }
  return steps[from - 1]?.upTo ?? 0;
}
