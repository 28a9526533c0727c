import { randomId } from 'im-chat';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** What the next page has to know of an upload to go on with it. The file it has not, unless the browser lets it keep a handle. */
export interface KeptUpload {
  readonly id: string;
  readonly userId: string;
  /** The page that has the file. */
  readonly tab: string;
  readonly folderId: string;
  readonly path: readonly string[];
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  readonly ifTaken: 'version' | 'rename';
  readonly time: number;
  readonly handle?: FileSystemFileHandle | undefined;
}

interface Schema extends DBSchema {
  uploads: { key: string; value: KeptUpload };
}

/** As long as the platform knows of it, and a night more. */
const keptMs = 2 * 86_400_000;
const tab = randomId();
const lockOf = (name: string): string => `im-drive-uploads ${name}`;

let opened: Promise<IDBPDatabase<Schema>> | undefined;

/** Undefined: the browser keeps nothing, or not here. */
function open(): Promise<IDBPDatabase<Schema> | undefined> {
  // Not there on pages that are not `https:`.
  const { locks } = navigator as Partial<Navigator>;
  if (!locks) return Promise.resolve(undefined);
  opened ??= openHere(locks);
  return opened.catch(() => undefined);
}

async function openHere(locks: LockManager): Promise<IDBPDatabase<Schema>> {
  // For as long as this page is open: by it others know that what is here goes on.
  await new Promise<void>((resolve) => {
    void locks.request(lockOf(tab), () => {
      resolve();
      return new Promise(() => undefined);
    });
  });
  return openDB<Schema>('im-web-drive', 1, {
    upgrade: (database) => void database.createObjectStore('uploads', { keyPath: 'id' }),
  });
}

/** That this page goes on with them. */
export async function keepUploads(uploads: readonly Omit<KeptUpload, 'tab' | 'time'>[]): Promise<void> {
  const database = await open();
  if (!database) return;
  const writing = database.transaction('uploads', 'readwrite');
  for (const upload of uploads) void writing.store.put({ ...upload, tab, time: Date.now() });
  await writing.done.catch(() => undefined);
}

export async function forgetKept(ids: readonly string[]): Promise<void> {
  const database = await open();
  if (!database) return;
  const writing = database.transaction('uploads', 'readwrite');
  for (const id of ids) void writing.store.delete(id);
  await writing.done.catch(() => undefined);
}

/** Those of pages that are gone. */
export async function lostUploads(userId: string): Promise<KeptUpload[]> {
  const database = await open();
  if (!database) return [];
  const all = await database.getAll('uploads').catch(() => []);
  const { held = [] } = await navigator.locks.query();
  const isOpen = new Set(held.map(({ name }) => name));
  const old = all.filter(({ time }) => time < Date.now() - keptMs);
  if (old.length > 0) void forgetKept(old.map(({ id }) => id));
  return all.filter((one) => one.userId === userId && !old.includes(one) && !isOpen.has(lockOf(one.tab)));
}
