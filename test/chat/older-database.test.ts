import * as library from 'fake-indexeddb';
import { indexedDbStore } from 'im-chat/indexed-db';
import { afterEach, expect, test } from 'vitest';

const { IDBFactory, ...others } = library as unknown as { readonly IDBFactory: new () => Disk };

interface Disk {
  open(name: string, version: number): Opening;
}

interface Opening {
  readonly result: {
    createObjectStore(name: string): { put(value: unknown, key: unknown): void };
    close(): void;
  };
  onupgradeneeded: () => void;
  onsuccess: () => void;
}

afterEach(() => void Reflect.deleteProperty(globalThis, 'indexedDB'));

/** As a page of an older version has left it. */
async function older(disk: Disk, rows: Readonly<Record<string, readonly (readonly [unknown, unknown])[]>>) {
  const opening = disk.open('im-chat:1', 2);
  await new Promise<void>((resolve) => {
    opening.onupgradeneeded = () => {
      for (const [table, all] of Object.entries(rows)) {
        const made = opening.result.createObjectStore(table);
        for (const [key, value] of all) made.put(value, key);
      }
    };
    opening.onsuccess = resolve;
  });
  opening.result.close();
}

test('a newer page keeps what only this device has, and what its keys need, and fetches the rest again', async () => {
  const disk = new IDBFactory();
  Object.assign(globalThis, { ...others, indexedDB: disk });
  const mine = { key: 'm1', conversationId: 'private:1:2' };
  await older(disk, {
    state: [
      ['cursor', '7'],
      ['end-to-end:conversations', '["private:1:2"]'],
      ['end-to-end:device', '{"deviceId":"WEB7"}'],
      ['me', '{}'],
    ],
    conversations: [['private:1:2', { id: 'private:1:2' }]],
    outbox: [['m1', mine]],
  });

  const store = await indexedDbStore().open('1');

  expect(await store.all('state')).toEqual(['["private:1:2"]', '{"deviceId":"WEB7"}']);
  expect(await store.get('state', 'end-to-end:device')).toBe('{"deviceId":"WEB7"}');
  expect(await store.all('conversations')).toEqual([]);
  expect(await store.all('outbox')).toEqual([mine]);
  expect(await store.messages('private:1:2', 0, 9)).toEqual([]);
  store.close();
});
