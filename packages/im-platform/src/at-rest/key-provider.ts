/** A data key as it is kept: wrapped by a key that only the provider has. */
export interface WrappedKey {
  /** Which of the provider's keys has wrapped it. */
  readonly masterId: string;
  readonly wrapped: string;
}

/**
 * Has the master keys: a file, or a service that never gives them away (a KMS). It is asked for each conversation that is not in memory, at most
 * once at a time, and may be slow or away: then it rejects, and whoever waits is told to come back.
 *
 * @example
 * const provider: KeyProvider = {
 *   masterId: 'alias/chat-2026',
 *   async wrap(dataKey, context) {
 *     const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'alias/chat-2026', Plaintext: dataKey, EncryptionContext: { context } }));
 *     return { masterId: 'alias/chat-2026', wrapped: Buffer.from(CiphertextBlob).toString('base64') };
 *   },
 *   …
 * };
 */
export interface KeyProvider {
  /** The key that wraps now. What another one has wrapped is wrapped anew by `im-platform encryption rewrap`. */
  readonly masterId: string;
  /** 32 bytes. What they are for stands in `context`, which has to be the same again when they are unwrapped. */
  wrap(dataKey: Uint8Array, context: string): Promise<WrappedKey>;
  /** Whether it has that key; looked at when a platform starts. A service that cannot tell has none of it. */
  knows?(masterId: string): boolean;
  /** Rejects with a {@link KeyRefused} when it will never be able to, and with anything else when it may be later. */
  unwrap(key: WrappedKey, context: string): Promise<Uint8Array>;
}

/** What a provider was given is none of its keys, or was changed: to ask again does not help. */
export class KeyRefused extends Error {
  override readonly name = 'KeyRefused';
}
