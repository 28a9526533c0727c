import type { Knex } from 'knex';
import MySql2Client from 'knex/lib/dialects/mysql2/index.js';
import MySql2Transaction from 'knex/lib/dialects/mysql2/transaction.js';

// MySQL for the log of messages, whose statements go in packs: several with one way there and back. A way costs more than most answers,
// above all while everybody wants the processor. BEGIN goes with the first pack and COMMIT with the last one
// (docs/decisions/048-statements-in-packs.md). Connections of it take several statements in one text, so no other code has them.

/** A statement with its values apart from it. */
export interface Statement {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

type Answers = readonly unknown[];

/** Begun for whoever asked, and not yet for the database. */
const unbegun = new WeakSet<object>();
/** Committed with the last pack. */
const committed = new WeakSet<object>();

export class PackedMySqlClient extends MySql2Client {
  override transaction(...how: unknown[]): Knex.Transaction {
    return new PackedTransaction(this, ...how) as unknown as Knex.Transaction;
  }

  /** The answers of all of them, in their order. When one fails the rest is not done, and none has an answer. */
  async askAll(
    connection: object,
    statements: readonly Statement[],
    { commits }: { readonly commits: boolean },
  ): Promise<Answers> {
    const begins = unbegun.delete(connection);
    const all = [...(begins ? [begin] : []), ...statements, ...(commits ? [commit] : [])];
    // Whoever listens hears each, and which of them came along with another one.
    for (const [index, statement] of all.entries())
      this.emit('query', { ...statement, goesAlong: index > 0 });
    const text = all.map(({ sql }) => sql).join(';');
    const pack = { sql: text, bindings: all.flatMap(({ bindings }) => bindings) };
    const { response } = (await super._query(connection, pack)) as { response: [Answers] };
    if (commits) committed.add(connection);
    const answers = all.length === 1 ? [response[0]] : response[0];
    return answers.slice(begins ? 1 : 0, begins ? statements.length + 1 : statements.length);
  }

  override async _query(connection: object, query: object): Promise<unknown> {
    if (unbegun.delete(connection)) await super._query(connection, begin);
    return super._query(connection, query);
  }
}

const begin: Statement = { sql: 'BEGIN', bindings: [] };
const commit: Statement = { sql: 'COMMIT', bindings: [] };

class PackedTransaction extends MySql2Transaction {
  override async begin(connection: object): Promise<void> {
    committed.delete(connection);
    unbegun.add(connection);
  }

  override async commit(connection: object, value: unknown): Promise<unknown> {
    if (!unbegun.delete(connection) && !committed.delete(connection)) return super.commit(connection, value);
    this._completed = true;
    this._resolver(value);
    return undefined;
  }

  override async rollback(connection: object, error: unknown): Promise<unknown> {
    if (!unbegun.delete(connection)) return super.rollback(connection, error);
    this._completed = true;
    this._rejecter(error);
    return undefined;
  }
}
