import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../../../support/wait-until.ts';
import { dyingAt } from '../../kit/dying-at.ts';
import { isKilled, platformCommand } from '../../kit/platform-command.ts';
import type { PlatformProgram } from '../../kit/platform.ts';
import type { Scope } from '../../kit/scope.ts';
import { call, comer, member, mostDeaths, owner, type World } from './world.ts';

const groups = 6;
/** In each conversation. */
const last = 4;
const months = [Date.UTC(2020, 9), Date.UTC(2020, 10)];
const archived = months.length;
const tables = [
  ...['archive', 'archive_person', 'retention_round', 'private_message', 'group_message', 'pending_push'],
  ...['message_detail', 'message_edit', 'reaction', 'message_deleted', 'message_change', 'mention'],
  ...['uncounted', 'lane', 'conversation', 'conversation_member'],
];

interface Conversation {
  readonly id: string;
  /** Which of the databases has its lane. */
  readonly at: World['database']['laneDatabases'][number];
  readonly table: string;
  readonly where: object;
}

/** Old messages of conversations in two databases go into files, and what is too old goes for good: both are killed again and again. */
export class OldMessages {
  readonly #world: World;
  readonly #conversations: Conversation[] = [];
  /** Where archives are. */
  readonly #folder: string;

  private constructor(world: World, folder: string) {
    this.#world = world;
    this.#folder = folder;
  }

  static async start(scope: Scope, world: World): Promise<OldMessages> {
    const folder = await mkdtemp(join(tmpdir(), 'im-test-archives-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
    const old = new OldMessages(world, folder);
    for (const [one, other] of [
      [owner, member],
      [owner, comer],
      [member, comer],
    ] as const)
      await old.#fill(`private:${one}:${other}`, one, last);
    for (let n = 0; n < groups; n++) {
      const by = { by: owner, method: 'POST' };
      const made = await call(world.survivor, { ...by, path: '/v1/groups', body: { name: 'club' } });
      const { id } = made.body as { readonly id: string };
      const userIds = [String(member)];
      await call(world.survivor, { ...by, path: `/v1/groups/${id}/members`, body: { userIds } });
      // The first one says who has come.
      await old.#fill(`group:${id}`, owner, last - 1);
    }
    const used = new Set(old.#conversations.map(({ at }) => at.name));
    if (used.size < 2) throw new Error('All conversations are in one database');
    return old;
  }

  async killInArchiving(): Promise<void> {
    for (const [index, month] of months.entries()) await this.#age(index + 1, month);
    const write = ['archive', 'write', '--before', '2020-12'];
    for (let nth = 1; nth <= mostDeaths; nth++) {
      const isAlive = await this.#command(write, dyingAt(nth, tables)).then(
        () => true,
        (error: unknown) => {
          if (!isKilled(error)) throw error;
          this.#world.noteDeath('archive');
          return false;
        },
      );
      if (!isAlive) await this.#nothingIsLost(`archiving, killed at ${nth}`);
      else return this.#isArchived(await this.#command(write));
    }
    this.#world.problems.push(`archiving has more than ${mostDeaths} statements`);
  }

  async killInRetention(): Promise<void> {
    await this.#age(last - 1, 1);
    // It would go through the rounds as well.
    await this.#world.survivor.kill();
    for (let nth = 1; nth <= mostDeaths; nth++) {
      for (const { sql } of this.#world.database.laneDatabases)
        await sql('im_retention_round').update({ after: '', nextTime: 0 });
      if (!(await this.#diesInRetention(nth))) return this.#isRemoved();
      this.#world.noteDeath('retention');
      for (const one of this.#conversations) await this.#isAnEnd(`retention, killed at ${nth}`, one);
    }
    this.#world.problems.push(`retention has more than ${mostDeaths} statements`);
  }

  /** False: all is gone that was to go. */
  async #diesInRetention(nth: number): Promise<boolean> {
    let dying: PlatformProgram;
    try {
      dying = await this.#world.startAnother(dyingAt(nth, tables), { retentionDays: 30 });
    } catch (error) {
      // Before it was ready.
      if (/program ended \(SIGKILL\)/.test(String(error))) return true;
      throw error;
    }
    await waitUntil(
      'rounds of retention have ended, or it is dead',
      async () => !dying.isRunning || (await this.#areRoundsOver()),
      120_000,
    );
    const isDead = !dying.isRunning;
    await dying.kill();
    return isDead;
  }

  async #areRoundsOver(): Promise<boolean> {
    for (const { sql } of this.#world.database.laneDatabases) {
      const { nextTime } = await sql('im_retention_round').first<{ nextTime: number }>('nextTime');
      if (nextTime < Date.now() + 600_000) return false;
    }
    return true;
  }

  /** Each is in the database, or in a file that was read again; and nothing is missing in the middle. */
  async #nothingIsLost(when: string): Promise<void> {
    const rows = await this.#world.database
      .sql('im_archive')
      .whereIn('state', ['verified', 'done'])
      .select<{ ranges: string }[]>('ranges');
    const ranges = rows.flatMap((row) => JSON.parse(row.ranges) as Range[]);
    for (const one of this.#conversations) {
      const here = await this.#isAnEnd(when, one);
      const first = here[0] ?? last + 1;
      const gone = oneTo(first - 1).filter(
        (n) => !ranges.some(({ conversation, from, to }) => conversation === one.id && from <= n && n <= to),
      );
      this.#world.expect(`${when}: gone from ${one.id}, and in no file`, gone, []);
    }
  }

  /** What is left: from some message on all of them, with what belongs to them and nothing else. */
  async #isAnEnd(when: string, { id, at, table, where }: Conversation): Promise<number[]> {
    const rows = await at.sql(table).where(where).orderBy('number').select<{ number: number }[]>('number');
    const numbers = rows.map(({ number }) => number);
    this.#world.expect(`${when}: left of ${id}`, numbers, oneTo(last).slice(last - numbers.length));
    const conversation = { conversation: id };
    const { firstNumber } = await at
      .sql('im_conversation')
      .where(conversation)
      .first<{ firstNumber: number }>('firstNumber');
    this.#world.expect(`${when}: first of ${id}`, firstNumber, numbers[0]);
    const reactions = await at
      .sql('im_reaction')
      .where(conversation)
      .orderBy('number')
      .select<{ number: number }[]>('number');
    this.#world.expect(
      `${when}: reactions of ${id}`,
      reactions.map(({ number }) => number),
      numbers.filter((number) => number > 1),
    );
    return numbers;
  }

  async #isArchived(said: string): Promise<void> {
    const world = this.#world;
    world.expect('archiving once more', said, '0 messages were removed from the database.\n');
    // What was not written as a whole is known for an hour, and holds nothing.
    const names = await world.database
      .sql('im_archive')
      .whereNot({ state: 'writing' })
      .select<{ name: string; state: string }[]>('name', 'state');
    const states = [...new Set(names.map(({ state }) => state))];
    world.expect('states of archives', states, ['done']);
    const found: string[] = [];
    for (const { name } of names)
      for (const line of (await this.#command(['archive', 'read', name])).trim().split('\n')) {
        const { conversation, message } = JSON.parse(line) as Line;
        found.push(`${conversation} ${message.number}`);
      }
    const expected = this.#conversations.flatMap(({ id }) => oneTo(archived).map((n) => `${id} ${n}`));
    world.expect('messages in files', found.sort(), expected.sort());
    for (const one of this.#conversations)
      world.expect(`left of ${one.id}`, await this.#isAnEnd('archived', one), [archived + 1, last]);
  }

  async #isRemoved(): Promise<void> {
    const another = await this.#world.startAnother();
    for (const one of this.#conversations) {
      this.#world.expect(`left of ${one.id}`, await this.#isAnEnd('removed', one), [last]);
      const path = `/v1/conversations/${one.id}/messages`;
      const { body } = await call(another, { by: byOf(one.id), method: 'GET', path });
      const { items } = body as { readonly items: readonly { readonly number: number }[] };
      this.#world.expect(
        `read of ${one.id}`,
        items.map(({ number }) => number),
        [last],
      );
    }
  }

  /** As many are said, and somebody reacts to each but the first. */
  async #fill(id: string, by: number, times: number): Promise<void> {
    const { database, survivor } = this.#world;
    const path = `/v1/conversations/${id}/messages`;
    for (let n = 1; n <= times; n++) {
      const body = { content: { type: 'text', text: `old ${n}` } };
      await call(survivor, { by, method: 'POST', path, body });
    }
    const isOfTwo = id.startsWith('private:');
    const table = isOfTwo ? 'im_private_message' : 'im_group_message';
    const where = isOfTwo ? { conversation: id } : { groupId: Number(id.slice('group:'.length)) };
    for (const at of database.laneDatabases)
      if (await at.sql(table).where(where).first('id')) this.#conversations.push({ id, at, table, where });
    for (const number of oneTo(last).slice(1))
      await call(survivor, { by, method: 'PUT', path: `${path}/${number}/reactions/%F0%9F%91%8D` });
  }

  async #age(number: number, sendTime: number): Promise<void> {
    for (const { at, table, where } of this.#conversations)
      await at
        .sql(table)
        .where({ ...where, number })
        .update({ sendTime });
  }

  #command(order: readonly string[], flags: readonly string[] = []): Promise<string> {
    return platformCommand([...order, '--archive-dir', this.#folder, ...this.#world.where], flags);
  }
}

interface Range {
  readonly conversation: string;
  readonly from: number;
  readonly to: number;
}

interface Line {
  readonly conversation: string;
  readonly message: { readonly number: number };
}

function byOf(id: string): number {
  return id === `private:${member}:${comer}` ? member : owner;
}

function oneTo(to: number): number[] {
  return Array.from({ length: to }, (_, index) => index + 1);
}
