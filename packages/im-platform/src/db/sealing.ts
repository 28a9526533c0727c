import type { Knex } from 'knex';

// What is encrypted at rest is so between knex and the driver: whoever stores or reads a message need not know (docs/encryption.md). Without keys
// none of this is loaded into a connection.

type Row = Readonly<Record<string, unknown>>;

/** Encrypts what is written, and decrypts what was read. */
export interface Sealing {
  /** A row to insert, or the columns of an update with those that say which row it is. Throws {@link KeysNeeded}. */
  seal(table: string, row: Row, identity: Row): Row;
  /** Throws {@link KeysNeeded}. */
  open(rows: readonly Row[]): readonly Row[];
  /** Resolves when what is said there can be encrypted; undefined: at once. */
  ready(conversation: string): Promise<void> | undefined;
}

/** Keys that are not in memory: what needs them is done again with them, and no transaction is open meanwhile. */
export class KeysNeeded extends Error {
  override readonly name = 'KeysNeeded';
  readonly load: () => Promise<void>;

  constructor(load: () => Promise<void>) {
    super('Keys of conversations have to be loaded first');
    this.load = load;
  }
}

/** The provider of keys does not answer: the same may work later. */
export class KeysAway extends Error {
  override readonly name = 'KeysAway';
}

/** More than any batch needs where all keys fit into memory. */
const mostLoads = 10;

/** Does the work, with the keys that it turns out to need. */
export async function withKeys<T>(work: () => T | Promise<T>): Promise<T> {
  for (let loads = 0; ; loads++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof KeysNeeded) || loads >= mostLoads) throw error;
      await error.load();
    }
  }
}

interface Builder {
  readonly _single: { readonly table?: unknown; readonly insert?: unknown; readonly update?: unknown };
  readonly _statements: readonly {
    readonly grouping?: string;
    readonly type?: string;
    readonly column?: unknown;
    readonly operator?: string;
    readonly value?: unknown;
    readonly not?: boolean;
    readonly bool?: string;
  }[];
}

interface Compiler {
  single: object;
}

interface Runner {
  run(): Promise<unknown>;
}

interface Client {
  readonly config: Knex.Config & { readonly sealing?: Sealing };
  readonly transacting?: boolean;
  queryCompiler(builder: object, bindings: unknown): Compiler;
  runner(builder: object): Runner;
}

/** The same client of knex, whose statements are encrypted and whose answers decrypted, as its configuration says. */
export function sealed<Base extends abstract new (...args: never[]) => object>(base: Base): Base {
  const parent = base.prototype as Client;
  // Types of knex' clients say nothing of these.
  const client = class extends (base as unknown as new () => Client) {
    override queryCompiler(builder: Builder, bindings: unknown): Compiler {
      const compiler = parent.queryCompiler.call(this, builder, bindings);
      const { sealing } = this.config;
      if (sealing) compiler.single = { ...compiler.single, ...sealedValues(builder, sealing) };
      return compiler;
    }

    override runner(builder: object): Runner {
      const runner = parent.runner.call(this, builder);
      const { sealing } = this.config;
      if (!sealing) return runner;
      const run = runner.run.bind(runner);
      // Within a transaction the keys are loaded when it is over, and then it is done again.
      const repeat = this.transacting === true ? once : withKeys;
      runner.run = async () => {
        const answer = await repeat(run);
        return repeat(() => opened(sealing, answer));
      };
      return runner;
    }
  };
  return client as unknown as Base;
}

async function once<T>(work: () => T | Promise<T>): Promise<T> {
  return work();
}

/** Of the answer of a statement that did not go through a runner. */
export function openedBy(sql: { readonly client: unknown }, answer: unknown): unknown {
  const sealing = sealingOf(sql);
  return sealing ? opened(sealing, answer) : answer;
}

export function sealingOf({ client }: { readonly client: unknown }): Sealing | undefined {
  return (client as Client).config.sealing;
}

function opened(sealing: Sealing, answer: unknown): unknown {
  if (Array.isArray(answer)) return isRow(answer[0]) ? sealing.open(answer as Row[]) : answer;
  return isRow(answer) ? sealing.open([answer])[0] : answer;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sealedValues({ _single, _statements }: Builder, sealing: Sealing): object {
  const { table, insert, update } = _single;
  if (typeof table !== 'string') return {};
  if (Array.isArray(insert)) return { insert: (insert as Row[]).map((row) => sealing.seal(table, row, row)) };
  if (isRow(insert)) return { insert: sealing.seal(table, insert, insert) };
  return isRow(update) ? { update: sealing.seal(table, update, equalities(_statements)) } : {};
}

/** What the row has that is updated. */
function equalities(statements: Builder['_statements']): Row {
  return Object.fromEntries(
    statements.flatMap(({ grouping, type, column, operator, value, not, bool }) =>
      grouping === 'where' && type === 'whereBasic' && operator === '=' && not !== true && bool === 'and'
        ? [[String(column), value]]
        : [],
    ),
  );
}
