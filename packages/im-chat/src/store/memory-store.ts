import type { StoredMessage } from '../model/message.ts';
import type { ChatStore, Key, Table, Tables, UserStore } from './store.ts';

/** Keeps everything as long as the process lives: for Node, for tests, and where nothing may stay behind. */
export function memoryStore(): ChatStore {
  const users = new Map<string, UserStore>();
  return {
    isShared: false,
    open: async (userId) => {
      let store = users.get(userId);
      if (!store) users.set(userId, (store = new MemoryUserStore()));
      return store;
    },
  };
}

type Rows = { readonly [Name in Table]: Map<string, Tables[Name]> };

class MemoryUserStore implements UserStore {
  readonly #rows: Rows = {
    ...{ conversations: new Map(), messages: new Map(), spans: new Map() },
    ...{ outbox: new Map(), changes: new Map(), state: new Map() },
  };

  async get<Name extends Table>(table: Name, key: Key): Promise<Tables[Name] | undefined> {
    return this.#rows[table].get(textOf(key));
  }

  async all<Name extends Table>(table: Name): Promise<Tables[Name][]> {
    return [...this.#rows[table].values()];
  }

  async messages(conversationId: string, from: number, to: number): Promise<StoredMessage[]> {
    return [...this.#rows.messages.values()]
      .filter((one) => one.conversationId === conversationId && one.number >= from && one.number <= to)
      .sort((one, other) => one.number - other.number);
  }

  async write(changes: Parameters<UserStore['write']>[0]): Promise<void> {
    for (const change of changes) {
      if ('below' in change) {
        for (const [key, { conversationId, number }] of this.#rows.messages)
          if (conversationId === change.conversationId && number < change.below)
            this.#rows.messages.delete(key);
        continue;
      }
      const rows = this.#rows[change.table] as Map<string, unknown>; // of this very table
      if (change.value === undefined) rows.delete(textOf(change.key));
      else rows.set(textOf(change.key), change.value);
    }
  }

  async clear(): Promise<void> {
    for (const rows of Object.values(this.#rows)) rows.clear();
  }

  close(): void {
    // Nothing is held open.
  }
}

function textOf(key: Key): string {
  return typeof key === 'string' ? key : key.join(' ');
}
