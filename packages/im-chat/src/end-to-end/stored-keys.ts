/** What the library keeps of somebody in a browser. */
export function storeName(userId: string): string {
  return `im-chat:end-to-end:${userId}`;
}

export function deleteStores(userId: string): void {
  const { indexedDB } = globalThis as { indexedDB?: { deleteDatabase(name: string): unknown } };
  for (const part of ['matrix-sdk-crypto', 'matrix-sdk-crypto-meta'])
    indexedDB?.deleteDatabase(`${storeName(userId)}::${part}`);
}
