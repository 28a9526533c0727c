import type { Database, Sql } from '../db/database.ts';
import { inKeys } from '../db/in-keys.ts';
import { groupBy } from '../messages/group/group-by.ts';
import type { DeviceName } from './devices.ts';
import { mostWaiting, mostWaitingOfSender } from './limits.ts';

export interface Addressed extends DeviceName {
  readonly content: string;
}

export interface DeviceMessage {
  readonly id: number;
  readonly senderId: number;
  readonly type: string;
  readonly content: string;
}

interface Room {
  /** How many more it takes of this sender. */
  readonly left: number;
  /** Something of this sender waits there. */
  readonly hasOwn: boolean;
}

const columns = ['userId', 'deviceId'];

/** What devices say to devices: kept in order until the device says that it has them. */
export class DeviceMessages {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  /**
   * To devices that are there, and have room. What waits there already was said before, by who heard no answer: it is not said twice. Returns whose
   * got something.
   */
  async put(senderId: number, type: string, messages: readonly Addressed[]): Promise<Set<number>> {
    if (messages.length === 0) return new Set();
    return this.#database.transaction(async (sql) => {
      const rooms = await roomsOf(sql, senderId, messages);
      const waiting = await waitingOf(
        sql,
        { senderId, type },
        messages.filter((message) => rooms.get(keyOf(message))?.hasOwn),
      );
      const isThere = (message: Addressed): boolean => waiting.has(textOf(message));
      const byDevice = groupBy(
        messages.filter((message) => !isThere(message)),
        keyOf,
      );
      const rows = [...byDevice].flatMap(([key, some]) => some.slice(0, rooms.get(key)?.left ?? 0));
      if (rows.length > 0)
        await sql('im_encryption_message').insert(
          rows.map(({ userId, deviceId, content }) => ({ userId, deviceId, senderId, type, content })),
        );
      return new Set([...rows, ...messages.filter(isThere)].map(({ userId }) => userId));
    });
  }

  async after(name: DeviceName, id: number, limit: number): Promise<DeviceMessage[]> {
    const found: unknown = await this.#database
      .sql('im_encryption_message')
      .where({ userId: name.userId, deviceId: name.deviceId })
      .where('id', '>', id)
      .orderBy('id')
      .limit(limit)
      .select('id', 'senderId', 'type', 'content');
    return found as DeviceMessage[];
  }

  async forget({ userId, deviceId }: DeviceName, upTo: number): Promise<void> {
    await this.#database
      .sql('im_encryption_message')
      .where({ userId, deviceId })
      .where('id', '<=', upTo)
      .delete();
  }
}

/**
 * How many more of this sender each device takes. The devices are locked: so nobody puts more by asking at once, and what one is told is
 * numbered in the order in which it can be seen. A device that has the second would forget the first otherwise, which it never saw.
 */
async function roomsOf(
  sql: Sql,
  senderId: number,
  devices: readonly DeviceName[],
): Promise<Map<string, Room>> {
  const keys = keysOf(devices);
  const found: unknown = await sql('im_encryption_device')
    .modify(inKeys, columns, keys)
    .orderBy(columns)
    .forUpdate()
    .select(columns);
  const there = found as DeviceName[];
  if (there.length === 0) return new Map();
  const counted: unknown = await sql('im_encryption_message')
    .modify(inKeys, columns, keys)
    .groupBy(...columns, 'senderId')
    .select(...columns, 'senderId')
    .count('* as count');
  const waiting = counted as (DeviceName & { readonly senderId: number; readonly count: number })[];
  const rooms = new Map(there.map((device) => [keyOf(device), mostWaiting]));
  const own = new Map<string, number>();
  for (const { count, ...row } of waiting) {
    rooms.set(keyOf(row), (rooms.get(keyOf(row)) ?? 0) - count);
    if (row.senderId === senderId) own.set(keyOf(row), count);
  }
  return new Map(
    Array.from(rooms, ([key, room]) => {
      const left = Math.max(0, Math.min(room, mostWaitingOfSender - (own.get(key) ?? 0)));
      return [key, { left, hasOwn: own.has(key) }];
    }),
  );
}

/** Of these messages those that wait. */
async function waitingOf(
  sql: Sql,
  from: { readonly senderId: number; readonly type: string },
  messages: readonly Addressed[],
): Promise<Set<string>> {
  if (messages.length === 0) return new Set();
  const found: unknown = await sql('im_encryption_message')
    .modify(inKeys, columns, keysOf(messages))
    .where(from)
    .whereIn('content', [...new Set(messages.map(({ content }) => content))])
    .select(...columns, 'content');
  return new Set((found as Addressed[]).map(textOf));
}

function keysOf(devices: readonly DeviceName[]): (readonly [number, string])[] {
  const each = new Map(devices.map((device) => [keyOf(device), device]));
  return Array.from(each.values(), ({ userId, deviceId }) => [userId, deviceId] as const);
}

function textOf(message: Addressed): string {
  return `${keyOf(message)} ${message.content}`;
}

function keyOf({ userId, deviceId }: DeviceName): string {
  return `${userId} ${deviceId}`;
}
