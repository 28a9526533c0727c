import { createHash, randomBytes, randomInt } from 'node:crypto';
import { Terminal } from 'im-client';
import { z } from 'zod';
import { readCursor, toPage, type Page } from '../api/cursor.ts';
import { isDuplicate, type Database, type Sql } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language } from '../http/texts.ts';
import { readConversationId } from '../inbox/conversation-id.ts';
import type { InboxService } from '../inbox/inbox-service.ts';
import { entryOf, transfer } from '../ledger/ledger.ts';
import type { ResolvedOptions } from '../options.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { drawShares, type Dice, type Split } from './draw.ts';
import type { Grabs, Taken } from './grabs.ts';
import { packetAccount, redPacketName, type Grab, type RedPacket } from './red-packet.ts';
import { mostSharesIn, redPacketStore } from './red-packet-store.ts';

export type RedPacketLimits = Pick<
  ResolvedOptions,
  'redPacketMost' | 'redPacketSharesMost' | 'redPacketsPerDay' | 'redPacketHours'
>;

export interface RedPacketDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly inbox: Pick<InboxService, 'send'>;
  readonly words: Pick<SensitiveWords, 'mask'>;
  readonly grabs: Pick<Grabs, 'grab'>;
  readonly limits: RedPacketLimits;
  readonly language: Language;
}

export interface NewPacket {
  readonly amount: number;
  readonly shares: number;
  readonly split: Split;
  readonly greeting: string;
  readonly onceKey: string;
}

/** A packet as one of those sees it who may. */
export interface SeenPacket {
  readonly packet: RedPacket;
  /** What they have of it. */
  readonly mine: Grab | undefined;
}

const hourMs = 3_600_000;
const listPlace = z.int();
/** From the secure source of the system. */
const secureDice: Dice = (sides) => randomInt(sides);

/** Money for whoever of a conversation takes a share of it. */
export class RedPackets {
  readonly #deps: RedPacketDeps;

  constructor(deps: RedPacketDeps) {
    this.#deps = deps;
  }

  /** Its money is taken, it is drawn, and its message is stored, in one transaction: there is all of it, or nothing. */
  async send(caller: Caller, id: string, given: NewPacket): Promise<SeenPacket> {
    const { inbox, words } = this.#deps;
    const { userId } = caller;
    const conversation = readConversationId(id, userId);
    if (!conversation) throw new Refusal('conversationUnknown');
    const { amount, shares, split } = given;
    this.#assertWithinLimits(given, mostSharesIn(conversation, this.#deps.limits.redPacketSharesMost));
    const onceKey = hash(given.onceKey);
    const asked = hash(JSON.stringify([id, amount, shares, split, given.greeting]));
    const earlier = await this.#sentBefore(userId, onceKey, asked);
    if (earlier) return earlier;
    const packetId = randomBytes(16).toString('base64url');
    const greeting = words.mask(given.greeting);
    try {
      // Also to the device that sends: it asked for a packet, and wrote no message.
      await inbox.send({ ...caller, terminal: Terminal.UNKNOWN }, id, {
        content: {
          ...{ type: 'custom', name: redPacketName, data: { packetId, split, shares, greeting } },
          text: say('redPacketText', this.#deps.language, { greeting }),
        },
        onceKey: `${redPacketName} ${packetId}`,
        within: (sql) =>
          this.#put(sql, {
            ...{ id: packetId, senderId: userId, conversation: conversation.id },
            ...{ amount, shares, split, greeting, onceKey, asked },
          }),
      });
    } catch (error) {
      const first = isDuplicate(error) ? await this.#sentBefore(userId, onceKey, asked) : undefined;
      if (!first) throw error;
      return first;
    }
    return this.find(caller, packetId);
  }

  /** For those who are in its conversation now, its sender, and whoever has a share. */
  async find({ userId }: Caller, packetId: string): Promise<SeenPacket> {
    const { sql } = this.#deps.database;
    const packet = await redPacketStore.find(sql, packetId);
    if (!packet) throw unknown();
    const mine = (await redPacketStore.grabsOf(sql, packetId, [userId])).get(userId);
    const isSeen =
      mine !== undefined ||
      packet.senderId === userId ||
      (await redPacketStore.mayGrab(sql, packet, [userId])).has(userId);
    if (!isSeen) throw unknown();
    return { packet, mine };
  }

  grab({ userId }: Caller, packetId: string): Promise<Taken> {
    return this.#deps.grabs.grab(packetId, userId);
  }

  /** Who has taken what, the first one first. */
  async list(
    caller: Caller,
    packetId: string,
    { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
  ): Promise<{ readonly packet: RedPacket; readonly page: Page<Grab & { nickName: string | null }> }> {
    const after = readCursor(cursor, listPlace) ?? -1;
    const { packet } = await this.find(caller, packetId);
    const { sql } = this.#deps.database;
    const rows = await redPacketStore.listGrabs(sql, packetId, { after, limit: limit + 1 });
    return {
      packet,
      page: toPage(rows, limit, { placeOf: ({ position }) => position, toItem: (row) => row }),
    };
  }

  async #put(sql: Sql, packet: Omit<RedPacket, NotNew> & { readonly onceKey: string }): Promise<void> {
    const { redPacketsPerDay: most, redPacketHours } = this.#deps.limits;
    const { id, senderId, amount } = packet;
    // First of all: who spends the same at this moment waits here, and so all of a day are counted.
    await transfer(sql, {
      ...{ name: `send:${id}`, kind: 'send' },
      entries: [entryOf(senderId, -amount), { account: packetAccount(id), amount }],
    });
    if ((await redPacketStore.sentInADay(sql, senderId)) + amount > most)
      throw new Refusal('redPacketsPerDay', { values: { most: String(most) } });
    const createdTime = Date.now();
    const endTime = createdTime + redPacketHours * hourMs;
    await redPacketStore.add(sql, {
      ...packet,
      ...{ amounts: drawShares(packet, secureDice), createdTime, endTime },
    });
  }

  async #sentBefore(userId: number, onceKey: string, asked: string): Promise<SeenPacket | undefined> {
    const { sql } = this.#deps.database;
    const packet = await redPacketStore.findByKey(sql, userId, onceKey);
    if (!packet) return undefined;
    if (packet.asked !== asked) throw new Refusal('idempotencyKeyReused');
    return { packet, mine: (await redPacketStore.grabsOf(sql, packet.id, [userId])).get(userId) };
  }

  #assertWithinLimits({ amount, shares, split }: NewPacket, mostShares: number): void {
    const { redPacketMost } = this.#deps.limits;
    if (shares > mostShares) throw new Refusal('redPacketShares', { values: { most: String(mostShares) } });
    if (amount > redPacketMost)
      throw new Refusal('redPacketAmount', { values: { most: String(redPacketMost) } });
    if (amount < shares) throw new Refusal('redPacketTooThin');
    if (split === 'equal' && amount % shares !== 0) throw new Refusal('redPacketUneven');
  }
}

type NotNew =
  ('amounts' | 'taken' | 'takenAmount' | 'createdTime' | 'endTime') | ('dueTime' | 'refunded' | 'closedTime');

function unknown(): Refusal {
  return new Refusal('redPacketUnknown', { code: 404 });
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
