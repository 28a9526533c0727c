import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newSeed, Random } from '../faults/kit/random.ts';
import { ModelWorld, type ModelServer } from './world.ts';

interface Model {
  readonly messages: { count: number };
}

type Command = fc.AsyncCommand<Model, ModelWorld>;

const users = ['1', '2', '3'].map((id) => ({ id, terminal: 0 }));
const runs = Number(process.env['IM_MODEL_RUNS'] ?? 400);

function serverAt(world: ModelWorld, place: number): ModelServer {
  const server = world.servers[place % world.servers.length];
  if (!server) throw new Error('There is always a server');
  return server;
}

/** Begins something and lets so many steps of everything that goes on happen. */
function command(
  name: string,
  act: (world: ModelWorld, model: Model) => Promise<unknown> | undefined,
  steps: number,
): Command {
  return {
    check: () => true,
    async run(model, world) {
      const work = act(world, model);
      if (work) world.begin(work);
      await world.pump(steps);
    },
    toString: () => `${name}, ${steps} steps`,
  };
}

const user = fc.constantFrom(...users);
const place = fc.nat(5);
const steps = fc.nat(6);

const commands = [
  fc.tuple(fc.subarray(users, { minLength: 1 }), steps).map(([to, n]) =>
    command(
      `send to ${to.map(({ id }) => id).join(' and ')}`,
      (world, { messages }) => {
        messages.count += to.length;
        return world.send(to);
      },
      n,
    ),
  ),
  fc
    .tuple(place, fc.integer({ min: 1, max: 3 }), steps)
    .map(([at, max, n]) => command(`server ${at} takes ${max}`, (world) => serverAt(world, at).take(max), n)),
  fc
    .tuple(user, place, steps)
    .map(([who, at, n]) =>
      command(`${who.id} logs in at ${at}`, (world) => world.logIn(who, serverAt(world, at)), n),
    ),
  fc
    .tuple(user, place, steps)
    .map(([who, at, n]) =>
      command(`${who.id} is cut off from ${at}`, (world) => world.drop(who, serverAt(world, at)), n),
    ),
  fc.tuple(place, fc.integer({ min: 1, max: 3 }), steps).map(([at, count, n]) =>
    command(
      `devices of ${at} prove ${count}`,
      (world) => {
        for (const wire of serverAt(world, at).wires.values()) wire.prove(count);
        return undefined;
      },
      n,
    ),
  ),
  fc.tuple(place, steps).map(([at, n]) =>
    command(
      `server ${at} dies`,
      (world) => {
        // Whose successor is still on its way.
        if (world.servers.length === 1) return undefined;
        world.kill(serverAt(world, at));
        return world.addServer();
      },
      n,
    ),
  ),
  fc
    .tuple(place, steps)
    .map(([at, n]) =>
      command(`server ${at} looks after the dead`, (world) => world.lookAfterTheDead(serverAt(world, at)), n),
    ),
  steps.map((n) => command('the sender takes results', (world) => world.takeResults(), n)),
];

test(
  'whatever happens in whatever order, each message has one final result, and a success was seen',
  { timeout: 120_000 },
  async () => {
    const totals = { messages: 0, faults: 0, duplicates: 0, runs: 0 };
    const seed = newSeed();
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.commands(commands, { maxCommands: 50, size: 'max' }),
      fc.nat(),
      async (scheduler, steps, chance) => {
        const world = new ModelWorld(scheduler, new Random(chance));
        const messages = { count: 0 };
        await world.start();
        for (const who of users) world.begin(world.logIn(who, serverAt(world, Number(who.id))));
        await world.pumpDry();
        await fc.asyncModelRun(() => ({ model: { messages }, real: world }), steps);
        await world.settle();

        expect(world.problems).toEqual([]);
        expect(world.finals.size).toBe(messages.count);
        const wrong = [...world.finals].filter(([, ends]) => ends.length !== 1);
        expect(wrong).toEqual([]);
        expect(world.ledger.size).toBe(0);
        totals.runs += 1;
        totals.messages += messages.count;
        totals.faults += world.faults;
        totals.duplicates += world.duplicates;
      },
    );
    await fc.assert(property, { numRuns: runs, seed });
    console.log(
      `model, seed ${seed}: ${totals.runs} interleavings, ${totals.messages} messages, ${totals.faults} faults, ` +
        `${totals.duplicates} second results dropped`,
    );
    expect(totals.faults).toBeGreaterThan(runs);
    expect(totals.duplicates).toBeGreaterThan(0);
  },
);
