import { hash, verify } from '@node-rs/argon2';

/** Argon2id with the parameters that OWASP recommends, which are the library's defaults. */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

export async function isPassword(stored: string, password: string): Promise<boolean> {
  try {
    return await verify(stored, password);
  } catch {
    return false; // not a hash of ours
  }
}
