import * as library from 'fake-indexeddb';
import { memoryTokens, type Chat, type UserStore } from 'im-chat';
import { endToEnd, type EndToEnd } from 'im-chat/end-to-end';
import { indexedDbStore } from 'im-chat/indexed-db';
import { password, until, type World } from './world.ts';

/** As much of them as is used here: what knows of Node knows no such names. */
interface Transaction {
  abort(): void;
  addEventListener(kind: 'complete' | 'abort', listener: () => void): void;
}
interface Database {
  transaction(names: string | readonly string[], mode?: string, options?: object): Transaction;
}
interface Disk {
  open(
    name: string,
    version?: number,
  ): { readonly result: Database; addEventListener(kind: 'success', listener: () => void): void };
  deleteDatabase(name: string): unknown;
}

// What it says of itself are names that nobody knows who knows of Node.
const { IDBFactory, ...others } = library as unknown as {
  readonly IDBFactory: new () => Disk;
  readonly [name: string]: unknown;
};
for (const [name, one] of Object.entries(others))
  // As in a browser. The one that opens databases is there as long as a page begins.
  if (name.startsWith('IDB')) Object.assign(globalThis, { [name]: one });

/** What a browser keeps of somebody: it outlives the pages, each of which may die wherever it writes something down, asks or is answered. */
export class Profile {
  readonly #disk = new IDBFactory();
  readonly #tokens = memoryTokens();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** What is kept of somebody is otherwise from now on. */
  async change(userId: string, changes: Parameters<UserStore['write']>[0]): Promise<void> {
    Object.assign(globalThis, { indexedDB: this.#disk });
    const store = await indexedDbStore().open(userId);
    await store.write(changes);
    store.close();
    Reflect.deleteProperty(globalThis, 'indexedDB');
  }

  /** With keys that are set up, unless it dies in the midst of that. `device`: for the first page, which signs in. */
  async page(
    userName: string,
    { device = 'web', dieAt }: { readonly device?: 'web' | 'app'; readonly dieAt?: number } = {},
  ): Promise<Page> {
    const life = new Life();
    const keys = endToEnd();
    // As long as somebody may look for it.
    Object.assign(globalThis, { indexedDB: mortal(this.#disk, life) });
    try {
      const chat = this.#world.chat({
        ...{ encryption: keys, store: indexedDbStore(), tokens: this.#tokens },
        fetch: (request) => life.ask(request),
      });
      chat.on('error', (error) => life.hear(error));
      await chat.start();
      if (chat.session.get().kind === 'signed-out') await chat.signIn({ userName, password, device });
      // What comes before is the library making what it has none of.
      if (dieAt !== undefined) life.dieAtNew(dieAt, /^write core$/);
      const isThere = async (): Promise<void> => {
        if (keys.state.get().kind === 'off') await keys.setUp();
        await until(keys.state, ({ kind }) => kind === 'ready' || kind === 'unsigned');
      };
      await Promise.race([life.died, isThere()]);
      return { chat, keys, life };
    } finally {
      Reflect.deleteProperty(globalThis, 'indexedDB');
    }
  }
}

export interface Page {
  readonly chat: Chat;
  readonly keys: EndToEnd;
  readonly life: Life;
}

/** What a page does with the world: step by step, and in front of one of them it dies. */
export class Life {
  readonly steps: string[] = [];
  /** What went wrong as long as it lived. */
  readonly errors: unknown[] = [];
  readonly died: Promise<void>;
  readonly #writing = new Set<Transaction>();
  #dieAt = Infinity;
  /** Its steps are counted. */
  #counts = false;
  #from: RegExp | undefined;
  #isEachOnce = false;
  #isDead = false;
  #die: () => void = () => undefined;

  constructor() {
    this.died = new Promise((resolve) => (this.#die = resolve));
  }

  /** In front of its how many-th step from this one on. Of what is written from when it is there: what is lost with it was never said. */
  dieAt(step: number, from: RegExp): void {
    this.#dieAt = step;
    this.#from = from;
  }

  /** The same of what is done with keys, and of each kind of step the first alone. */
  dieAtNew(step: number, from: RegExp = /./): void {
    this.#isEachOnce = true;
    this.dieAt(step, from);
  }

  get isOver(): boolean {
    return this.#isDead;
  }

  hear(error: unknown): void {
    if (!this.#isDead) this.errors.push(error);
  }

  async ask(request: Request): Promise<Response> {
    const name = `${request.method} ${new URL(request.url).pathname.replaceAll(/[\da-f]{8}-[\da-f-]{27}|\d+/g, 'N')}`;
    this.#step(`ask ${name}`);
    const answer = await fetch(request);
    this.#step(`hear ${name}`);
    return answer;
  }

  /** All of it is on the disk, or, when it dies before that, nothing. */
  write(names: readonly string[], begin: () => Transaction): Transaction {
    this.#step(`write ${names.join()}`);
    const transaction = begin();
    this.#writing.add(transaction);
    transaction.addEventListener('complete', () => {
      this.#writing.delete(transaction);
      if (this.#from?.test(`written ${names.join()}`)) this.#counts = true;
    });
    transaction.addEventListener('abort', () => this.#writing.delete(transaction));
    return transaction;
  }

  #isOld(name: string): boolean {
    return this.steps.includes(name) || !/encryption|^write (?!.*(messages|spans|outbox))/.test(name);
  }

  #step(name: string): void {
    if (this.#from?.test(name)) this.#counts = true;
    if (this.#counts && !this.#isDead && !(this.#isEachOnce && this.#isOld(name))) this.steps.push(name);
    if (this.steps.length > this.#dieAt && !this.#isDead) {
      this.#isDead = true;
      for (const transaction of this.#writing) giveUp(transaction);
      this.#die();
    }
    if (this.#isDead) throw new TypeError('it is dead');
  }
}

function giveUp(transaction: Transaction): void {
  try {
    transaction.abort();
  } catch {
    // All of it is on the disk, though nobody was told yet.
  }
}

/** As the pages of one life see it. */
function mortal(disk: Disk, life: Life): Disk {
  return {
    open(name, version) {
      const request = disk.open(name, version);
      request.addEventListener('success', () => watch(request.result, life));
      return request;
    },
    deleteDatabase: (name) => disk.deleteDatabase(name),
  };
}

function watch(database: Database, life: Life): void {
  const begin = database.transaction.bind(database);
  database.transaction = (names, mode, options) =>
    mode === 'readwrite'
      ? life.write([names].flat(), () => begin(names, mode, options))
      : begin(names, mode, options);
}
