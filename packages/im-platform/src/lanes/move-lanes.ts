import { setTimeout as sleep } from 'node:timers/promises';
import { laneCount } from '../db/lanes.ts';
import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import { findPlaces } from '../db/lane-fences.ts';
import { holdMoves } from '../db/lane-moves.ts';
import { refused } from '../platform-error.ts';
import { putAside } from '../message-log/lane-rows.ts';
import { carryReads, copyLane, copyRest, emptyLane } from './lane-copy.ts';
import type { LanesOrder } from './lane-order.ts';

export interface Moving {
  readonly say: (line: string) => void;
  /** How long instances may still read where a lane was: longer than they take to look again. */
  readonly restMs?: number;
  /** Called before each step; throws to break it off there. For tests. */
  readonly onStep?: (step: string) => void | Promise<void>;
}

const allLanes = Array.from({ length: laneCount }, (_, lane) => lane);
const usualRestMs = 5_000;

/** Does it, and says what is to be said. */
export async function orderLanes(database: Database, order: LanesOrder, moving: Moving): Promise<void> {
  if (order.what === 'move') await moveLanes(database, order, moving);
  const places = await findPlaces(database.sql);
  for (const name of ['', ...new Set(places.values())]) {
    const lanes = allLanes.filter((lane) => (places.get(lane) ?? '') === name);
    if (lanes.length > 0) moving.say(`${name === '' ? 'first' : name}  ${lanes.join(',')}`);
  }
}

/** Broken off anywhere it is called again, and goes on. One at a time: what says where lanes are is changed on the connection that has the lock. */
async function moveLanes(
  database: Database,
  { lanes, to }: Extract<LanesOrder, { what: 'move' }>,
  { say, restMs = usualRestMs, onStep = () => undefined }: Moving,
): Promise<void> {
  // What is encrypted is moved as it lies there: a connection with keys would decrypt it on the way.
  if (database.sealing) throw new Error('Lanes are moved by connections that have no keys');
  await holdMoves(database, async (session) => {
    const mover = new Mover(database, { onStep, change: (work) => session.transaction(work) });
    for (const lane of lanes) say(await mover.move(lane, to));
    // Instances that have not looked again yet may read there.
    await sleep(restMs);
    await onStep('empty');
    for (const lane of lanes) await mover.emptyElsewhere(lane, to);
  });
}

interface MoverDeps {
  readonly onStep: NonNullable<Moving['onStep']>;
  /** Changes the first database. */
  readonly change: (work: (sql: Sql) => Promise<void>) => Promise<void>;
}

class Mover {
  readonly #database: Database;
  readonly #deps: MoverDeps;

  constructor(database: Database, deps: MoverDeps) {
    this.#database = database;
    this.#deps = deps;
  }

  async move(lane: number, toName: string): Promise<string> {
    const { onStep } = this.#deps;
    const to = this.#called(toName);
    const from = this.#called((await findPlaces(this.#database.sql)).get(lane) ?? '');
    if (from === to) {
      await this.#settle(lane, to);
      return `lane ${lane} is there`;
    }
    await onStep(`copy ${lane}`);
    // Whatever is open there is left of a move that was broken off: nobody is sent there yet.
    await fence(to, lane, false);
    const ahead = await copyLane(from, to, lane);
    await onStep(`close ${lane}`);
    const closedAt = performance.now();
    await fence(from, lane, false);
    await onStep(`copy the rest of ${lane}`);
    const left = await copyLane(from, to, lane);
    await copyRest(from, to, lane);
    await onStep(`open ${lane}`);
    await fence(to, lane, true);
    await onStep(`say where ${lane} is`);
    await this.#deps.change((sql) => place(sql, lane, toName));
    await letIn(to, lane);
    const closedMs = Math.round(performance.now() - closedAt);
    return `lane ${lane} is there: ${ahead} pieces copied ahead, ${left} while it was closed for ${closedMs} ms`;
  }

  async emptyElsewhere(lane: number, toName: string): Promise<void> {
    for (const at of this.#database.laneDatabases) {
      if (at.name === toName) continue;
      if (at.name === '') await carryReads(at, this.#called(toName), lane);
      await emptyLane(at, lane);
    }
  }

  /** It is there; what a move that was broken off has left is put right. */
  async #settle(lane: number, at: LaneDatabase): Promise<void> {
    for (const other of this.#database.laneDatabases) if (other !== at) await fence(other, lane, false);
    await fence(at, lane, true);
    await letIn(at, lane);
  }

  #called(name: string): LaneDatabase {
    const found = this.#database.laneDatabases.find((one) => one.name === name);
    if (!found) throw refused(`A lane is in the database ${name}, which --lane-databases does not name.`);
    return found;
  }
}

/**
 * Waits for whoever is changing something in the lane. Instances that know one database only do not look at fences; in the first one the row of the
 * lane, which they lock, is put aside. Not in one transaction: some lock the row first, and some the fence.
 */
async function fence({ name, sql }: LaneDatabase, lane: number, isOpen: boolean): Promise<void> {
  await sql('im_lane_fence')
    .where({ lane })
    .update({ isOpen: isOpen ? 1 : 0 });
  if (name === '' && !isOpen)
    await sql('im_lane')
      .where({ lane })
      .update({ lane: putAside(lane) });
}

/** Puts the row of the lane in its place again. Not before it is said that the lane is there: those who look at no fence write at once. */
async function letIn({ name, sql }: LaneDatabase, lane: number): Promise<void> {
  if (name !== '') return;
  await sql('im_lane')
    .where({ lane: putAside(lane) })
    .update({ lane });
}

async function place(sql: Sql, lane: number, name: string): Promise<void> {
  if (name === '') await sql('im_lane_place').where({ lane }).delete();
  else await sql('im_lane_place').insert({ lane, place: name }).onConflict('lane').merge(['place']);
}
