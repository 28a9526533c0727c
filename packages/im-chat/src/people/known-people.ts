import type { ApiClient } from 'im-platform/client';
import type { ChatError } from '../errors.ts';
import type { Named } from '../inbox/inbox.ts';
import { nameOfFriend, nameOfGroup } from './names.ts';
import { isEqual } from '../model/equal.ts';
import { Shown } from '../readable.ts';
import { Rounds } from '../rounds.ts';
import type { Saver } from '../store/saver.ts';
import type { UserStore } from '../store/store.ts';
import { contactParts, noContacts, type ContactList, type ContactPart } from '../model/contact-list.ts';
import { fetchPart } from './fetch-contacts.ts';

export interface KnownPeopleDeps {
  readonly api: ApiClient;
  readonly store: Pick<UserStore, 'get'>;
  readonly saver: Pick<Saver, 'save'>;
  /** What conversations with them are called. */
  onNames(named: readonly Named[]): void;
  onError(error: ChatError): void;
}

const key = 'contacts';

/** Whom the one who is signed in knows: as it was kept, then as the platform says. */
export class KnownPeople {
  readonly list: Shown<ContactList>;
  readonly #deps: KnownPeopleDeps;
  readonly #rounds: Rounds;
  readonly #wanted = new Set<ContactPart>();
  readonly #fetched = new Set<ContactPart>();
  #list: ContactList = noContacts;

  constructor(deps: KnownPeopleDeps) {
    this.#deps = deps;
    this.list = new Shown(() => this.#list);
    this.#rounds = new Rounds({
      round: () => this.#fetchWanted(),
      onError: (error) => deps.onError(error),
    });
  }

  async load(): Promise<void> {
    const kept = await this.#deps.store.get('state', key).catch(() => undefined);
    if (kept === undefined || this.#list.isLoaded) return;
    this.#set(JSON.parse(kept) as ContactList); // nobody else writes there
  }

  /** Asks the platform for these lists. Resolves when it has answered. */
  refresh(parts: readonly ContactPart[] = contactParts): Promise<void> {
    for (const part of parts) this.#wanted.add(part);
    return this.#rounds.run();
  }

  /** What is known without asking. */
  change(to: (list: ContactList) => Partial<ContactList>): void {
    this.#set({ ...this.#list, ...to(this.#list) });
  }

  wake(): void {
    this.#rounds.wake();
  }

  close(): void {
    this.#rounds.close();
  }

  /** Seen together: who is a friend is not seen among those who ask. */
  async #fetchWanted(): Promise<void> {
    const parts = [...this.#wanted];
    this.#wanted.clear();
    try {
      const fetched = parts.map(async (part) => [part, await fetchPart[part](this.#deps.api)] as const);
      const fresh = Object.fromEntries(await Promise.all(fetched));
      for (const part of parts) this.#fetched.add(part);
      const isLoaded = this.#fetched.size === contactParts.length;
      if (!this.#rounds.isClosed) this.#set({ ...this.#list, ...fresh, isLoaded });
    } catch (error) {
      for (const part of parts) this.#wanted.add(part);
      throw error;
    }
  }

  #set(list: ContactList): void {
    const before = this.#list;
    const same = contactParts.filter((part) => isEqual(list[part], before[part]));
    if (same.length === contactParts.length && list.isLoaded === before.isLoaded) return;
    const after = { ...list, ...Object.fromEntries(same.map((part) => [part, before[part]])) };
    this.#list = after;
    this.#deps.saver.save([{ table: 'state', key, value: JSON.stringify({ ...after, isLoaded: false }) }]);
    this.#tellNames(before, after);
    this.list.changed();
  }

  /** Of who is no friend any more, too: their conversation stays, and is read only. */
  #tellNames(before: ContactList, { friends, groups }: ContactList): void {
    const named = [...friends.map(nameOfFriend), ...groups.map(nameOfGroup)];
    const ids = new Set(named.map(({ id }) => id));
    const former = [...before.friends.map(nameOfFriend), ...before.groups.map(nameOfGroup)]
      .filter(({ id }) => !ids.has(id))
      .map((one) => ({ ...one, canWrite: false }));
    this.#deps.onNames([...named, ...former]);
  }
}
