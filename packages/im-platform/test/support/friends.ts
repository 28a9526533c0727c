import type { Person } from './person.ts';
import type { TestPlatform } from './test-platform.ts';

/** Makes them friends of the first one, and nobody is told. */
export async function befriend(
  { platform }: TestPlatform,
  one: Person,
  ...others: readonly Person[]
): Promise<void> {
  const row = { friendNickName: 'x', createdTime: Date.now() };
  await platform.database.sql('im_friend').insert(
    others.flatMap((other) => [
      { ...row, userId: one.id, friendId: other.id },
      { ...row, userId: other.id, friendId: one.id },
    ]),
  );
}
