import type { Database } from '../db/database.ts';
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

/** What devices say to devices: kept in order until the device says that it has them. */
export class DeviceMessages {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  /** To devices that are there, and have room. Returns whose got something. */
  async put(senderId: number, type: string, messages: readonly Addressed[]): Promise<Set<number>> {
    const told = new Set<number>();
    const rows: object[] = [];
    for (const { userId, deviceId, content } of messages) {
      if (!(await this.#hasRoom({ userId, deviceId }, senderId))) continue;
      rows.push({ userId, deviceId, senderId, type, content });
      told.add(userId);
    }
    if (rows.length > 0) await this.#sql('im_encryption_message').insert(rows);
    return told;
  }

  async after(name: DeviceName, id: number, limit: number): Promise<DeviceMessage[]> {
    const found: unknown = await this.#sql('im_encryption_message')
      .where({ userId: name.userId, deviceId: name.deviceId })
      .where('id', '>', id)
      .orderBy('id')
      .limit(limit)
      .select('id', 'senderId', 'type', 'content');
    return found as DeviceMessage[];
  }

  async forget({ userId, deviceId }: DeviceName, upTo: number): Promise<void> {
    await this.#sql('im_encryption_message').where({ userId, deviceId }).where('id', '<=', upTo).delete();
  }

  async #hasRoom({ userId, deviceId }: DeviceName, senderId: number): Promise<boolean> {
    const sql = this.#sql;
    const isThere = await sql('im_encryption_device')
      .where({ userId, deviceId })
      .first<object | undefined>('deviceId');
    if (!isThere) return false;
    const [all] = await sql('im_encryption_message')
      .where({ userId, deviceId })
      .count<{ count: number }[]>('* as count');
    if ((all?.count ?? 0) >= mostWaiting) return false;
    const [theirs] = await sql('im_encryption_message')
      .where({ userId, deviceId, senderId })
      .count<{ count: number }[]>('* as count');
    return (theirs?.count ?? 0) < mostWaitingOfSender;
  }
}
