import type { Sql } from '../db/database.ts';
import type { ConversationOf } from '../inbox/conversation-id.ts';
import { stateOf, type Grab, type RedPacket } from './red-packet.ts';

interface Row extends Omit<RedPacket, 'amounts'> {
  readonly amounts: string;
}

const columns = [
  ...(['id', 'senderId', 'conversation', 'amount', 'shares', 'split', 'greeting', 'amounts'] as const),
  ...(['taken', 'takenAmount', 'createdTime', 'endTime', 'dueTime', 'refunded', 'closedTime'] as const),
  'asked',
] as const;
const grabColumns = ['packetId', 'position', 'userId', 'amount', 'createdTime'] as const;
const dayMs = 86_400_000;

export type NewRedPacket = Omit<
  RedPacket,
  'taken' | 'takenAmount' | 'dueTime' | 'refunded' | 'closedTime'
> & { readonly onceKey: string };

/** The only place with SQL about red packets. */
export const redPacketStore = {
  async add(sql: Sql, { amounts, ...packet }: NewRedPacket): Promise<void> {
    await sql('im_red_packet').insert({
      ...{ ...packet, amounts: JSON.stringify(amounts), dueTime: packet.endTime },
    });
  },

  async find(sql: Sql, id: string): Promise<RedPacket | undefined> {
    return fromRow(
      await sql('im_red_packet')
        .where({ id })
        .first<Row | undefined>(...columns),
    );
  },

  /** Nobody else changes it until the transaction ends. */
  async hold(sql: Sql, id: string): Promise<RedPacket | undefined> {
    return fromRow(
      await sql('im_red_packet')
        .where({ id })
        .forUpdate()
        .first<Row | undefined>(...columns),
    );
  },

  async findByKey(sql: Sql, senderId: number, onceKey: string): Promise<RedPacket | undefined> {
    return fromRow(
      await sql('im_red_packet')
        .where({ senderId, onceKey })
        .first<Row | undefined>(...columns),
    );
  },

  /** What somebody has sent within a day, whatever came back of it. */
  async sentInADay(sql: Sql, senderId: number): Promise<number> {
    const [row] = await sql('im_red_packet')
      .where({ senderId })
      .where('createdTime', '>', Date.now() - dayMs)
      .sum<{ sent: number | string | null }[]>('amount as sent');
    return Number(row?.sent ?? 0);
  },

  /** Shares are taken: the first of them, and those after it. */
  async addGrabs(sql: Sql, packet: RedPacket, grabs: readonly Grab[]): Promise<RedPacket> {
    await sql('im_red_packet_grab').insert(grabs);
    const taken = packet.taken + grabs.length;
    const takenAmount = grabs.reduce((all, { amount }) => all + amount, packet.takenAmount);
    const last = taken === packet.shares ? { dueTime: null, closedTime: Date.now() } : {};
    const changed = { taken, takenAmount, ...last };
    await sql('im_red_packet').where({ id: packet.id }).update(changed);
    return { ...packet, ...changed };
  },

  async refunded(sql: Sql, id: string, refunded: number): Promise<void> {
    await sql('im_red_packet').where({ id }).update({ refunded, dueTime: null, closedTime: Date.now() });
  },

  /** Those whose time is over. */
  async due(sql: Sql, { skip, limit }: { readonly skip: number; readonly limit: number }): Promise<string[]> {
    const rows = await sql('im_red_packet')
      .where('dueTime', '<=', Date.now())
      .orderBy(['dueTime', 'id'])
      .offset(skip)
      .limit(limit)
      .select<{ id: string }[]>('id');
    return rows.map(({ id }) => id);
  },

  /** What these have taken of it. */
  async grabsOf(sql: Sql, packetId: string, userIds: readonly number[]): Promise<Map<number, Grab>> {
    const rows = await sql('im_red_packet_grab')
      .where({ packetId })
      .whereIn('userId', [...userIds])
      .select<Grab[]>(...grabColumns);
    return new Map(rows.map((grab) => [grab.userId, grab]));
  },

  /** In the order in which they were taken. */
  async listGrabs(
    sql: Sql,
    packetId: string,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<(Grab & { readonly nickName: string | null })[]> {
    return sql('im_red_packet_grab as g')
      .leftJoin('im_user as u', 'u.id', 'g.userId')
      .where({ 'g.packetId': packetId })
      .where('g.position', '>', after)
      .orderBy('g.position')
      .limit(limit)
      .select<(Grab & { nickName: string | null })[]>(
        ...grabColumns.map((column) => `g.${column}`),
        'u.nickName',
      );
  },

  /** Which of these are in the conversation now, and may take a share: in one of two the other one alone. */
  async mayGrab(
    sql: Sql,
    { conversation, senderId }: Pick<RedPacket, 'conversation' | 'senderId'>,
    userIds: readonly number[],
  ): Promise<Set<number>> {
    const [kind, ...numbers] = conversation.split(':');
    const ids = numbers.map(Number);
    if (kind === 'private')
      return new Set(userIds.filter((userId) => userId !== senderId && ids.includes(userId)));
    const rows = await sql('im_group_member')
      .where({ groupId: ids[0] ?? 0, quit: 0 })
      .whereIn('userId', [...userIds])
      .select<{ userId: number }[]>('userId');
    return new Set(rows.map(({ userId }) => userId));
  },
};

/** The position of the largest share, the first of them; of a lucky split, once all of it is decided. */
export function bestOf(packet: RedPacket): number | undefined {
  if (packet.split !== 'lucky' || packet.shares === 1 || stateOf(packet) === 'open') return undefined;
  const taken = packet.amounts.slice(0, packet.taken);
  return taken.length === 0 ? undefined : taken.indexOf(Math.max(...taken));
}

/** Most shares that a packet may have for that a conversation of two has one. */
export function mostSharesIn({ kind }: Pick<ConversationOf, 'kind'>, most: number): number {
  return kind === 'private' ? 1 : most;
}

function fromRow(row: Row | undefined): RedPacket | undefined {
  return row && { ...row, amounts: JSON.parse(row.amounts) as number[] };
}
