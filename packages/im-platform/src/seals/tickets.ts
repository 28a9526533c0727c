import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { isDuplicate, type Database, type Sql } from '../db/database.ts';
import type { Seals } from './seals.ts';

/** What a kind of tickets says, and for how long. */
export interface TicketKind<Data> {
  readonly purpose: string;
  readonly lifeS: number;
  readonly data: z.ZodType<Data>;
}

interface Sealed {
  readonly data: unknown;
  readonly endTime: number;
}

const table = 'im_spent_ticket';

/**
 * What somebody has shown so far, given to them to keep until they show the rest: sealed, good for minutes, and once. A row is written when one is used,
 * and not when one is made: strangers fill no table.
 */
export class Tickets {
  readonly #database: Pick<Database, 'sql'>;
  readonly #seals: Seals;

  constructor(database: Pick<Database, 'sql'>, seals: Seals) {
    this.#database = database;
    this.#seals = seals;
  }

  issue<Data>({ purpose, lifeS }: TicketKind<Data>, data: Data): string {
    const sealed: Sealed = { data, endTime: Date.now() + lifeS * 1_000 };
    return this.#seals.seal(`ticket:${purpose}`, JSON.stringify(sealed));
  }

  /** Undefined: it is none of this kind, or over. Whether it was used is not looked at. */
  read<Data>({ purpose, data }: TicketKind<Data>, ticket: string): Data | undefined {
    const text = this.#seals.open(`ticket:${purpose}`, ticket);
    if (text === undefined) return undefined;
    const sealed = JSON.parse(text) as Sealed;
    return Date.now() < sealed.endTime ? data.parse(sealed.data) : undefined;
  }

  /** Uses it; false when somebody has used it before. */
  async spend(
    { lifeS }: Pick<TicketKind<unknown>, 'lifeS'>,
    ticket: string,
    sql: Sql = this.#database.sql,
  ): Promise<boolean> {
    // What cannot be read any more need not be remembered.
    const row = { hash: hashOf(ticket), endTime: Date.now() + lifeS * 1_000 };
    try {
      await sql(table).insert(row);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  /** Forgets those that are over by themselves. */
  async sweep(): Promise<void> {
    await this.#database.sql(table).where('endTime', '<', Date.now()).delete();
  }
}

/** The same bytes are written in several ways in base64. */
function hashOf(ticket: string): string {
  return createHash('sha256').update(Buffer.from(ticket, 'base64url')).digest('base64url');
}
