import type { Knex } from 'knex';

// Which of several databases an error is of, so that whoever is answered 503 can be told which one is away. Errors go through many
// hands as they are, so it is kept beside them.

const names = new WeakMap<object, string>();

/** The name of the database that it is of; undefined: of the first, or of none. */
export function databaseOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? names.get(error) : undefined;
}

function note(error: unknown, name: string): void {
  if (typeof error === 'object' && error !== null) names.set(error, name);
}

/** What this throws is of that database. */
export async function namedAfter<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (name === '') return work();
  try {
    return await work();
  } catch (error) {
    note(error, name);
    throw error;
  }
}

/** And so is what comes of a question to it, or of having no connection. */
export function nameErrorsOf(sql: Knex, name: string): void {
  sql.on('query-error', (error: unknown) => note(error, name));
  const client = sql.client as Knex.Client;
  const acquire = client.acquireConnection.bind(client);
  client.acquireConnection = () => namedAfter(name, acquire);
}
