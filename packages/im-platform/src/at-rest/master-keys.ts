import { refused } from '../platform-error.ts';
import { decrypt, encrypt } from './aead.ts';
import { KeyRefused, type KeyProvider } from './key-provider.ts';

const keyBytes = 32;
const form = /^([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/_-]{43}=?)$/;
const expected = 'expected <id>:<32 bytes as base64>; make one: echo "2026-11:$(openssl rand -base64 32)"';

/** Master keys that are given as options, `<id>:<base64>`: the first one wraps, and all of them unwrap. */
export function masterKeys(lines: readonly string[]): KeyProvider {
  const keys = new Map<string, Buffer>();
  for (const [index, line] of lines.entries()) {
    const [, id, text] = form.exec(line) ?? [];
    const key = Buffer.from(text ?? '', 'base64');
    // Not the line, which is a secret.
    if (id === undefined || key.length !== keyBytes)
      throw refused(`encryptionKeys: number ${index + 1} is no master key; ${expected}.`);
    if (keys.has(id)) throw refused(`encryptionKeys: two have the id ${id}; expected each once.`);
    keys.set(id, key);
  }
  const [[masterId, first] = []] = keys;
  if (masterId === undefined || first === undefined) throw refused(`encryptionKeys is empty; ${expected}.`);
  return {
    masterId,
    knows: (id) => keys.has(id),
    async wrap(dataKey, context) {
      return { masterId, wrapped: encrypt(first, dataKey, context).toString('base64') };
    },
    async unwrap(key, context) {
      const master = keys.get(key.masterId);
      if (!master)
        throw new KeyRefused(
          `There is no master key ${key.masterId}; the ones that there are: ${[...keys.keys()].join(', ')}`,
        );
      const dataKey = decrypt(master, Buffer.from(key.wrapped, 'base64'), context);
      if (!dataKey)
        throw new KeyRefused(`The key ${context} is not what master key ${key.masterId} has wrapped`);
      return dataKey;
    },
  };
}
