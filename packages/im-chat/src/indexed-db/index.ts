// `im-chat/indexed-db`: what a chat keeps in a browser. A door of its own, so that nobody loads it who has no use for it.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { StoredMessage } from '../model/message.ts';
import type { Change, ChatStore, Key, Table, Tables, UserStore } from '../store/store.ts';

interface Schema extends DBSchema {
  conversations: { key: string; value: Tables['conversations'] };
  messages: { key: [string, number]; value: StoredMessage };
  spans: { key: string; value: Tables['spans'] };
  outbox: { key: string; value: Tables['outbox'] };
  changes: { key: string; value: Tables['changes'] };
  state: { key: string; value: string };
}

/** Of the browser. Looked up so, as what knows of Node knows no such name. */
interface KeyRanges {
  bound(lower: Key, upper: Key, lowerOpen?: boolean, upperOpen?: boolean): KeyRange;
}
type KeyRange = Exclude<
  NonNullable<Parameters<IDBPDatabase<Schema>['delete']>[1]>,
  string | [string, number]
>;

function between(...bounds: Parameters<KeyRanges['bound']>): KeyRange {
  const { IDBKeyRange } = globalThis as unknown as { readonly IDBKeyRange: KeyRanges };
  return IDBKeyRange.bound(...bounds);
}

const version = 3;
const tables = ['conversations', 'messages', 'spans', 'outbox', 'changes', 'state'] as const;

/** What was fetched is fetched again when the version is another one; what only this device has stays. */
const onlyHere: readonly Table[] = ['outbox', 'changes'];

/**
 * What is known beside the keys of end-to-end encryption stays as well: without it a device forgets who it is, and writes in plain text in
 * conversations that are encrypted.
 */
function besideKeys(): KeyRange[] {
  return [between('', 'end-to-end:', false, true), between('end-to-end;', ['', 0])];
}

/** What it fails with ends the upgrade, and is said by whoever opens the database. */
async function forget(
  rows: { delete(range: KeyRange): Promise<void>; clear(): Promise<void> },
  range: KeyRange | undefined,
): Promise<void> {
  await (range ? rows.delete(range) : rows.clear()).catch(() => undefined);
}

/** Keeps everything in IndexedDB, a database for each user. All tabs of a browser see the same. */
export function indexedDbStore(name = 'im-chat'): ChatStore {
  return {
    isShared: true,
    async open(userId) {
      const database = await openDB<Schema>(`${name}:${userId}`, version, {
        upgrade: (older, _from, _to, upgrading) => {
          for (const table of tables) {
            if (!older.objectStoreNames.contains(table)) older.createObjectStore(table);
            else if (!onlyHere.includes(table))
              for (const range of table === 'state' ? besideKeys() : [undefined])
                void forget(upgrading.objectStore(table), range);
          }
        },
        // A page with a newer version waits for this one to let go.
        blocking: () => close(database),
      });
      return new IndexedDbUserStore(database);
    },
  };
}

/** Removes all that was kept of a user. */
export async function removeIndexedDb(userId: string, name = 'im-chat'): Promise<void> {
  await deleteDB(`${name}:${userId}`);
}

class IndexedDbUserStore implements UserStore {
  readonly #database: IDBPDatabase<Schema>;

  constructor(database: IDBPDatabase<Schema>) {
    this.#database = database;
  }

  async get<Name extends Table>(table: Name, key: Key): Promise<Tables[Name] | undefined> {
    return (await this.#database.get(table, toKey(key))) as Tables[Name] | undefined; // of this very table
  }

  async all<Name extends Table>(table: Name): Promise<Tables[Name][]> {
    return (await this.#database.getAll(table)) as Tables[Name][]; // of this very table
  }

  messages(conversationId: string, from: number, to: number): Promise<StoredMessage[]> {
    return this.#database.getAll('messages', between([conversationId, from], [conversationId, to]));
  }

  async write(changes: readonly Change[]): Promise<void> {
    const names = [...new Set(changes.map(({ table }) => table))];
    const writing = this.#database.transaction(names, 'readwrite');
    const steps = changes.map((change) => {
      const rows = writing.objectStore(change.table);
      if ('below' in change) {
        const { conversationId, below } = change;
        return rows.delete(between([conversationId, 0], [conversationId, below], false, true));
      }
      if (change.value === undefined) return rows.delete(toKey(change.key));
      return rows.put(change.value, toKey(change.key));
    });
    // What one of them failed with ends the transaction, and is said there.
    await Promise.all([writing.done, ...steps]);
  }

  async clear(): Promise<void> {
    const writing = this.#database.transaction([...tables], 'readwrite');
    for (const table of tables) void writing.objectStore(table).clear();
    await writing.done;
  }

  close(): void {
    close(this.#database);
  }
}

/** As what knows of Node knows nothing of what a database is. */
function close(database: unknown): void {
  (database as { close(): void }).close();
}

function toKey(key: Key): string & [string, number] {
  return (typeof key === 'string' ? key : [...key]) as string & [string, number]; // as its table has it
}
