import { gather } from 'im-common/internal/bus';
import { isUnavailable, type Database, type Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { entryOf, transfer } from '../ledger/ledger.ts';
import { packetAccount, stateOf, type Grab, type RedPacket } from './red-packet.ts';
import { redPacketStore } from './red-packet-store.ts';

/** What somebody has of a packet, and how that stands. */
export interface Taken {
  readonly packet: RedPacket;
  readonly grab: Grab;
}

interface Waiting {
  readonly userId: number;
  readonly resolve: (taken: Taken) => void;
  readonly reject: (error: unknown) => void;
}

/** Enough for a crowd to be cheap, few enough for nobody to wait long. */
const mostAtOnce = 250;
/** So that a crowd at many packets leaves connections to others. */
const packetsAtOnce = 3;
const mostWaiting = 20_000;
/** Those who come too late wait for the answer of those before them at most so long, and then are asked about together. */
const lateTogetherMs = 100;
/** Packets of which this instance knows that nothing is to be had. */
const mostClosed = 10_000;

/**
 * Takes shares. Those who come in the same moment go into one transaction, which holds the row of the packet: so they take the next shares in
 * the order in which they came, and what a transaction costs is paid once for all of them. Nothing is drawn here, so nothing can be drawn
 * twice. Once a packet is empty it stays so, and whoever comes later is told without a transaction.
 */
export class Grabs {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;
  readonly #onTaken: (packet: RedPacket) => void;
  /** By packets; the one that has waited longest comes first. */
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #busy = new Set<string>();
  readonly #closed = new Map<string, (userId: number) => Promise<Taken | Refusal>>();
  #count = 0;

  /** `onTaken`: after shares were taken, with the packet as it is then. */
  constructor(
    database: Pick<Database, 'sql' | 'transaction'>,
    { onTaken }: { readonly onTaken: (packet: RedPacket) => void },
  ) {
    this.#database = database;
    this.#onTaken = onTaken;
  }

  /** Asked again it answers the same. Refuses whoever may not, and when nothing is left. */
  async grab(packetId: string, userId: number): Promise<Taken> {
    const closed = this.#closed.get(packetId);
    if (closed) {
      const answer = await closed(userId);
      if (answer instanceof Refusal) throw answer;
      return answer;
    }
    if (this.#count >= mostWaiting) throw new Refusal('unavailable', { code: 503 });
    return new Promise((resolve, reject) => {
      const one = { userId, resolve, reject };
      const others = this.#waiting.get(packetId);
      if (others) others.push(one);
      else this.#waiting.set(packetId, [one]);
      this.#count += 1;
      // Those of the same tick go along.
      setImmediate(() => this.#begin());
    });
  }

  #begin(): void {
    for (const [packetId, waiting] of this.#waiting) {
      if (this.#busy.size >= packetsAtOnce) return;
      if (this.#busy.has(packetId)) continue;
      const some = waiting.splice(0, mostAtOnce);
      this.#waiting.delete(packetId);
      if (waiting.length > 0) this.#waiting.set(packetId, waiting);
      this.#count -= some.length;
      this.#busy.add(packetId);
      void this.#settle(packetId, some).then(() => {
        this.#busy.delete(packetId);
        this.#begin();
      });
    }
  }

  async #settle(packetId: string, some: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.#database.transaction((sql) =>
        grabAll(sql, packetId, [...new Set(some.map(({ userId }) => userId))]),
      );
      if (answers.packet && stateOf(answers.packet) !== 'open') this.#close(answers.packet);
      if (answers.packet && answers.isChanged) this.#onTaken(answers.packet);
      for (const { userId, resolve, reject } of some) {
        const answer = answers.of.get(userId) ?? new Refusal('redPacketUnknown');
        if (answer instanceof Refusal) reject(answer);
        else resolve(answer);
      }
    } catch (error) {
      // What one of them broke is done again for each alone.
      if (some.length === 1 || isUnavailable(error)) for (const { reject } of some) reject(error);
      else for (const one of some) await this.#settle(packetId, [one]);
    }
  }

  #close(packet: RedPacket): void {
    const answerAll = async (userIds: readonly number[]): Promise<(Taken | Refusal)[]> => {
      const answers = await answersOf(this.#database.sql, packet, userIds);
      return userIds.map((userId) => answers.get(userId) ?? new Refusal('redPacketUnknown'));
    };
    this.#closed.set(packet.id, gather(answerAll, { most: mostAtOnce, waitMs: lateTogetherMs }));
    const [oldest] = this.#closed.keys();
    if (this.#closed.size > mostClosed && oldest !== undefined) this.#closed.delete(oldest);
  }
}

interface Answers {
  readonly packet: RedPacket | undefined;
  readonly isChanged: boolean;
  readonly of: ReadonlyMap<number, Taken | Refusal>;
}

/** Within a transaction; each user stands there once. */
async function grabAll(sql: Sql, packetId: string, userIds: readonly number[]): Promise<Answers> {
  const held = await redPacketStore.hold(sql, packetId);
  if (!held) return { packet: undefined, isChanged: false, of: new Map() };
  const before = await answersOf(sql, held, userIds);
  const asking = userIds.filter((userId) => !before.has(userId));
  const createdTime = Date.now();
  const grabs = asking.slice(0, held.shares - held.taken).map((userId, index): Grab => {
    const position = held.taken + index;
    return { packetId, position, userId, amount: held.amounts[position] ?? 0, createdTime };
  });
  if (grabs.length === 0) return { packet: held, isChanged: false, of: before };
  const packet = await redPacketStore.addGrabs(sql, held, grabs);
  const amount = packet.takenAmount - held.takenAmount;
  await transfer(sql, {
    // Taken once, whatever becomes of the rows.
    name: `grab:${packetId}:${held.taken}`,
    kind: 'grab',
    entries: [
      { account: packetAccount(packetId), amount: -amount },
      ...grabs.map((grab) => entryOf(grab.userId, grab.amount)),
    ],
  });
  const of = new Map<number, Taken | Refusal>(before);
  for (const grab of grabs) of.set(grab.userId, { packet, grab });
  for (const userId of asking.slice(grabs.length)) of.set(userId, new Refusal('redPacketEmpty'));
  return { packet, isChanged: true, of };
}

/** Of those who have one already, may have none, or come too late. Whoever may take one now is not among them. */
async function answersOf(
  sql: Sql,
  packet: RedPacket,
  userIds: readonly number[],
): Promise<Map<number, Taken | Refusal>> {
  const grabs = await redPacketStore.grabsOf(sql, packet.id, userIds);
  const mayGrab = await redPacketStore.mayGrab(sql, packet, userIds);
  const state = stateOf(packet);
  const answers = new Map<number, Taken | Refusal>();
  for (const userId of userIds) {
    const grab = grabs.get(userId);
    if (grab) answers.set(userId, { packet, grab });
    else if (!mayGrab.has(userId)) answers.set(userId, whyNot(packet, userId));
    else if (state !== 'open')
      answers.set(userId, new Refusal(state === 'empty' ? 'redPacketEmpty' : 'redPacketOver'));
  }
  return answers;
}

/** Whom it is no business of learns nothing of it. */
function whyNot({ conversation, senderId }: RedPacket, userId: number): Refusal {
  const isOwn = senderId === userId && conversation.startsWith('private:');
  return new Refusal(isOwn ? 'redPacketIsYours' : 'redPacketUnknown', isOwn ? {} : { code: 404 });
}
