import type { Logger } from 'im-common';
import type { Knex } from 'knex';
import { KeysNeeded, type Sealing } from '../db/sealing.ts';
import { say, type Language } from '../http/texts.ts';
import { MessageType } from '../wire/message-type.ts';
import { decrypt, encrypt } from './aead.ts';
import { DataKeys, type Wanted } from './data-keys.ts';
import type { KeyProvider } from './key-provider.ts';
import {
  bindingOf,
  looksSealed,
  namesOfSealed,
  readSealed,
  saysNothing,
  sealedIn,
  writeSealed,
  type SealedColumn,
} from './sealed-columns.ts';

type Row = Readonly<Record<string, unknown>>;

export interface VaultOptions {
  readonly provider: KeyProvider;
  /** Whether what is written is encrypted; what is so already is read in any case. */
  readonly encrypts: boolean;
  /** Keys in memory at most. */
  readonly mostKeys: number;
  readonly timeoutMs: number;
  readonly logger: Logger;
  /** Of what stands where something cannot be read. */
  readonly language: Language;
}

/** Encrypts the columns of {@link sealedColumns}, each value bound to its row. */
export class Vault implements Sealing {
  readonly #options: VaultOptions;
  readonly #keys: DataKeys;
  readonly #unreadable: string;

  /** `sql`: beside all transactions. */
  constructor(sql: Knex, options: VaultOptions) {
    const { provider, mostKeys: most, timeoutMs, language } = options;
    this.#options = options;
    this.#keys = new DataKeys({ sql, provider, most, timeoutMs });
    this.#unreadable = say('messageUnreadable', language);
  }

  ready(scope: string): Promise<void> | undefined {
    if (!this.#options.encrypts || this.#keys.newest(scope)) return undefined;
    return this.#keys.load([{ scope, version: 'newest' }]);
  }

  seal(table: string, row: Row, identity: Row): Row {
    let sealed: Record<string, unknown> | undefined;
    for (const of of sealedIn(table)) {
      const value = row[of.column];
      if (saysNothing(value) || typeof value !== 'string') continue;
      // What somebody writes that looks like it is encrypted in any case, so that it is read as they wrote it.
      if (!this.#options.encrypts && !looksSealed(value)) continue;
      sealed ??= { ...row };
      sealed[of.column] = this.#sealed(of, value, identity);
    }
    return sealed ?? row;
  }

  open(rows: readonly Row[]): readonly Row[] {
    const [first] = rows;
    if (!first) return rows;
    const columns = Object.keys(first).filter((name) => namesOfSealed.has(name));
    if (columns.length === 0) return rows;
    const wanted: Wanted[] = [];
    const opened = rows.map((row) => this.#opened(row, columns, wanted));
    if (wanted.length > 0) throw new KeysNeeded(() => this.#keys.load(wanted));
    return opened;
  }

  /** A value of a row, encrypted. Throws {@link KeysNeeded}. */
  sealedOf(of: SealedColumn, row: Row): string {
    return this.#sealed(of, String(row[of.column]), row);
  }

  /** The same as it was before; undefined: it cannot be read. Throws {@link KeysNeeded}. */
  plainOf({ column }: SealedColumn, row: Row): string | undefined {
    const wanted: Wanted[] = [];
    const plain = this.#plainOf(String(row[column]), { row, column }, wanted);
    if (wanted.length > 0) throw new KeysNeeded(() => this.#keys.load(wanted));
    return typeof plain === 'string' ? plain : undefined;
  }

  #sealed(of: SealedColumn, value: string, identity: Row): string {
    const { table, column } = of;
    const scope = of.scopeOf(identity);
    const newest = this.#keys.newest(scope);
    const version = newest?.version ?? 0;
    const binding = bindingOf(of, version, identity);
    if (binding === undefined)
      throw new Error(`${table}.${column} is encrypted, so what writes it has to name ${of.identity.join()}`);
    if (!newest) throw new KeysNeeded(() => this.#keys.load([{ scope, version: 'newest' }]));
    return writeSealed({ of, version, bytes: encrypt(newest.key, Buffer.from(value), binding) });
  }

  #opened(row: Row, columns: readonly string[], wanted: Wanted[]): Row {
    let opened: Record<string, unknown> | undefined;
    for (const column of columns) {
      const value = row[column];
      if (!looksSealed(value)) continue;
      opened ??= { ...row };
      const plain = this.#plainOf(value, { row, column }, wanted);
      if (typeof plain === 'string') opened[column] = plain;
      else if (plain) this.#sayUnreadable(opened, column, plain);
    }
    return opened ?? row;
  }

  /** Undefined: the key is wanted first. */
  #plainOf(
    value: string,
    { row, column }: { readonly row: Row; readonly column: string },
    wanted: Wanted[],
  ): string | { readonly of: SealedColumn | undefined } | undefined {
    const sealed = readSealed(value, column);
    if (!sealed) return { of: undefined };
    const { of, version, bytes } = sealed;
    const binding = bindingOf(of, version, row);
    if (binding === undefined) return { of };
    const scope = of.scopeOf(row);
    const key = this.#keys.find(scope, version);
    if (key === undefined) {
      wanted.push({ scope, version });
      return undefined;
    }
    const plain = key === 'refused' ? undefined : decrypt(key, bytes, binding);
    return plain ? plain.toString() : { of };
  }

  /** One that cannot be read says so, and those beside it are read. */
  #sayUnreadable(
    row: Record<string, unknown>,
    column: string,
    { of }: { of: SealedColumn | undefined },
  ): void {
    const names = ['id', 'conversation', 'sendId', 'recvId', 'groupId', 'number', 'position'];
    this.#options.logger.error(
      {
        column,
        table: of?.table,
        row: Object.fromEntries(names.flatMap((name) => (name in row ? [[name, row[name]]] : []))),
      },
      'what is encrypted cannot be read: it was changed or moved, or its key is not there',
    );
    row[column] = of ? of.unreadable(this.#unreadable) : this.#unreadable;
    const { type } = row;
    // Whatever it was, words are shown now.
    if (column === 'content' && typeof type === 'number' && type <= MessageType.VIDEO)
      row['type'] = MessageType.TEXT;
  }
}
