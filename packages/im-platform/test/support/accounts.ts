import { hash } from '@node-rs/argon2';
import type { Platform } from '../../src/index.ts';

/** Everybody's. */
export const password = 'secret-1';

/** Over HTTP a new account costs 20 ms of a core, on purpose, and each login with it as much again. */
const cheapHash = hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 });

export async function openAccount(
  { database }: Platform,
  userName: string,
  nickName = userName,
): Promise<void> {
  await database
    .sql('im_user')
    .insert({ userName, nickName, password: await cheapHash, createdTime: Date.now() });
}
