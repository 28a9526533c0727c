interface Deleting {
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

/** What the library keeps of somebody in a browser. */
export function storeName(userId: string): string {
  return `im-chat:end-to-end:${userId}`;
}

/** Resolves when nothing of it is left. */
export async function deleteStores(userId: string): Promise<void> {
  const { indexedDB } = globalThis as { indexedDB?: { deleteDatabase(name: string): Deleting } };
  if (!indexedDB) return;
  const parts = ['matrix-sdk-crypto', 'matrix-sdk-crypto-meta'];
  const deleting = parts.map((part) => indexedDB.deleteDatabase(`${storeName(userId)}::${part}`));
  await Promise.all(
    deleting.map(
      (request) => new Promise<void>((resolve) => (request.onsuccess = request.onerror = resolve)),
    ),
  );
}
