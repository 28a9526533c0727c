import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { noteChange } from './identities.ts';
import { longestName, mostDevices, mostOneTimeKeys } from './limits.ts';

export interface DeviceKey {
  readonly id: string;
  readonly key: string;
}

export interface Upload {
  readonly deviceKeys?: string | undefined;
  readonly oneTimeKeys?: readonly DeviceKey[] | undefined;
  readonly fallbackKey?: DeviceKey | undefined;
}

export interface DeviceState {
  readonly oneTimeKeys: number;
  readonly isFallbackUsed: boolean;
}

export interface DeviceName {
  readonly userId: number;
  readonly deviceId: string;
}

export interface PublicDevice extends DeviceName {
  readonly deviceKeys: string;
  /** As the session in which it was set up. */
  readonly name: string | null;
  readonly createdTime: number;
}

export interface ClaimedKey extends DeviceName, DeviceKey {}

interface Row extends DeviceName {
  readonly deviceKeys: string | null;
  readonly fallbackId: string | null;
  readonly fallbackKey: string | null;
  readonly fallbackUsed: number;
}

/**
 * In place of a key that somebody was given. A device that got no answer uploads the same keys again, and what was given meanwhile must not be
 * given once more.
 */
const given = '';

/** The public keys of devices. What they are nobody looks at here. */
export class Devices {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  /** How many keys there are now. */
  async upload(
    name: DeviceName,
    { deviceKeys, oneTimeKeys = [], fallbackKey }: Upload,
    sessionId: string,
  ): Promise<DeviceState> {
    return this.#database.transaction(async (sql) => {
      // One after the other, so that there are no more than there may be.
      await sql('im_user').where({ id: name.userId }).forUpdate().first('id');
      const known = await find(sql, name);
      if (!known) await this.#add(sql, name, sessionId);
      const isNews = deviceKeys !== undefined && deviceKeys !== (known?.deviceKeys ?? undefined);
      const changes = {
        seenTime: Date.now(),
        ...(isNews && { deviceKeys }),
        ...(fallbackKey &&
          fallbackKey.id !== known?.fallbackId && {
            ...{ fallbackId: fallbackKey.id, fallbackKey: fallbackKey.key, fallbackUsed: 0 },
          }),
      };
      await sql('im_encryption_device').where(nameOf(name)).update(changes);
      await forgetGiven(sql, name);
      const room = mostOneTimeKeys - (await countKeys(sql, name));
      const rows = oneTimeKeys
        .slice(0, Math.max(0, room))
        .map(({ id, key }) => ({ ...nameOf(name), keyId: id, keyText: key }));
      if (rows.length > 0)
        await sql('im_encryption_key').insert(rows).onConflict(['userId', 'deviceId', 'keyId']).ignore();
      if (isNews) await noteChange(sql, name.userId);
      return stateOf(sql, name);
    });
  }

  /** Undefined: it is not there any more. */
  async state(name: DeviceName): Promise<DeviceState | undefined> {
    const { sql } = this.#database;
    const changed = await sql('im_encryption_device').where(nameOf(name)).update({ seenTime: Date.now() });
    if (changed === 0 && !(await find(sql, name))) return undefined;
    return stateOf(sql, name);
  }

  async remove(name: DeviceName): Promise<boolean> {
    return this.#database.transaction(async (sql) => {
      for (const table of ['im_encryption_message', 'im_encryption_key'])
        await sql(table).where(nameOf(name)).delete();
      const { userId, deviceId: keyId } = name;
      await sql('im_encryption_signature').where({ userId, signedUserId: userId, keyId }).delete();
      const wasThere = (await sql('im_encryption_device').where(nameOf(name)).delete()) > 0;
      if (wasThere) await noteChange(sql, userId);
      return wasThere;
    });
  }

  async of(userIds: readonly number[]): Promise<PublicDevice[]> {
    const found: unknown = await this.#database
      .sql('im_encryption_device')
      .whereIn('userId', [...userIds])
      .whereNotNull('deviceKeys')
      .orderBy(['userId', 'deviceId'])
      .select('userId', 'deviceId', 'deviceKeys', 'name', 'createdTime');
    return found as PublicDevice[];
  }

  /** One key of each of these devices, which nobody else is given; of whom none is left the one for that. */
  async claim(names: readonly DeviceName[]): Promise<ClaimedKey[]> {
    const claimed: ClaimedKey[] = [];
    for (const name of names) {
      const key = (await this.#claimOneTime(name)) ?? (await this.#claimFallback(name));
      if (key) claimed.push({ ...nameOf(name), ...key });
    }
    return claimed;
  }

  async #add(sql: Sql, name: DeviceName, sessionId: string): Promise<void> {
    const { userId } = name;
    const [row] = await sql('im_encryption_device')
      .where({ userId })
      .count<{ count: number }[]>('* as count');
    if ((row?.count ?? 0) >= mostDevices)
      throw new Refusal('tooManyDevices', { values: { most: String(mostDevices) } });
    const now = Date.now();
    const session = await sql('im_session')
      .where({ id: sessionId })
      .first<{ deviceName: string } | undefined>('deviceName');
    const called = session?.deviceName.slice(0, longestName);
    await sql('im_encryption_device')
      .insert({ ...nameOf(name), name: called, createdTime: now, seenTime: now })
      .onConflict(['userId', 'deviceId'])
      .ignore();
  }

  /** Of two who ask at once the one gets it that marks it. */
  async #claimOneTime(name: DeviceName): Promise<DeviceKey | undefined> {
    const { sql } = this.#database;
    for (;;) {
      const first = await sql('im_encryption_key')
        .where(nameOf(name))
        .whereNot({ keyText: given })
        .orderBy('id')
        .first<{ id: number; keyId: string; keyText: string } | undefined>('id', 'keyId', 'keyText');
      if (!first) return undefined;
      const taken = await sql('im_encryption_key')
        .where({ id: first.id })
        .whereNot({ keyText: given })
        .update({ keyText: given });
      if (taken > 0) return { id: first.keyId, key: first.keyText };
    }
  }

  async #claimFallback(name: DeviceName): Promise<DeviceKey | undefined> {
    const { sql } = this.#database;
    const row = await find(sql, name);
    if (!row || row.fallbackId === null || row.fallbackKey === null) return undefined;
    await sql('im_encryption_device').where(nameOf(name)).update({ fallbackUsed: 1 });
    return { id: row.fallbackId, key: row.fallbackKey };
  }
}

function nameOf({ userId, deviceId }: DeviceName): DeviceName {
  return { userId, deviceId };
}

async function find(sql: Sql, name: DeviceName): Promise<Row | undefined> {
  return (await sql('im_encryption_device').where(nameOf(name)).first()) as Row | undefined;
}

async function countKeys(sql: Sql, name: DeviceName): Promise<number> {
  const [row] = await sql('im_encryption_key')
    .where(nameOf(name))
    .whereNot({ keyText: given })
    .count<{ count: number }[]>('* as count');
  return row?.count ?? 0;
}

/** As many are remembered as one upload can have: only the last is sent again. */
async function forgetGiven(sql: Sql, name: DeviceName): Promise<void> {
  const of = sql('im_encryption_key').where({ ...nameOf(name), keyText: given });
  const beyond = await of
    .clone()
    .orderBy('id', 'desc')
    .offset(mostOneTimeKeys)
    .first<{ id: number } | undefined>('id');
  if (beyond) await of.where('id', '<=', beyond.id).delete();
}

async function stateOf(sql: Sql, name: DeviceName): Promise<DeviceState> {
  const row = await find(sql, name);
  const isFallbackUsed = row?.fallbackId == null || row.fallbackUsed === 1;
  return { oneTimeKeys: await countKeys(sql, name), isFallbackUsed };
}
