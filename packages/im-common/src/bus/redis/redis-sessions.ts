import { Cluster } from 'ioredis';
import type { DeviceAddress } from '../../address.ts';
import { routeTtlMs } from '../bus.ts';
import { fromByteText, type ByteText } from '../byte-text.ts';
import { gather } from '../gather.ts';
import type { ShownToken } from '../revocation.ts';
import {
  decodeRow,
  detailsOf,
  encodeRow,
  otherServers,
  type EndedSession,
  type RefreshedSession,
  type Session,
  type SessionBound,
  type SessionToRefresh,
  type SessionRule,
  type Sessions,
  type Standing,
  type TableChange,
  type TableRow,
} from '../sessions.ts';
import { call, run } from './call.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';
import * as scripts from './session-scripts.ts';

/** Redis does nothing else meanwhile. In a Cluster each address has a slot of its own, so there it is one. */
const sessionsPerCommand = 100;
/** A server has many, and nobody is in a hurry: calls of others go in between. */
const sessionsAtOnce = 1_000;
/** Rows in one change or page of a table. */
const rowsPerCommand = 500;
/** A table of a server that nobody looked after. */
const tableTtlS = 604_800;

interface Bind {
  readonly session: Session;
  readonly rule: SessionRule;
  readonly token: ShownToken;
  /** Where the route must point for it to be written. */
  readonly expected: ByteText;
}

type BindAnswer =
  | [
      before: ByteText,
      number?: ByteText,
      open?: number,
      kept?: string,
      others?: string,
      ...sessions: ByteText[],
    ]
  | null;

type RefreshAnswer = [holder?: ByteText, number?: ByteText, open?: number, others?: string];

export class RedisSessions implements Sessions {
  readonly #client: RedisClient;
  readonly #keys: Keys;
  readonly #perCommand: number;
  readonly #bind: (bind: Bind) => Promise<BindAnswer>;

  constructor(client: RedisClient, keys: Keys) {
    this.#client = client;
    this.#keys = keys;
    this.#perCommand = client instanceof Cluster ? 1 : sessionsPerCommand;
    this.#bind = gather((binds) => this.#bindAll(binds), { most: this.#perCommand });
  }

  /** As `RedisPresence.bind`, and for its reasons: one that comes late does not find what it was to replace. */
  async bind(session: Session, rule: SessionRule, token: ShownToken = {}): Promise<SessionBound> {
    for (let expected = '' as ByteText; ;) {
      const answer = await this.#bind({ session, rule, token, expected });
      if (answer === null) return { status: 'revoked' };
      const [before, number, open = 0, kept, others = '', ...texts] = answer;
      if (number === undefined) {
        expected = before;
        continue;
      }
      const gone = readSessions(session.address, texts);
      if (number === 'refused') return { status: 'refused', holders: gone };
      return {
        status: 'bound',
        before: /^\d{1,10}$/.test(before) ? Number(before) : undefined,
        standing: { number: Number(number), open },
        displaced: gone,
        others: readServers(others, session.serverId),
        hasKept: kept === 'k',
      };
    }
  }

  async #bindAll(binds: readonly Bind[]): Promise<BindAnswer[]> {
    const keys = binds.flatMap(({ session: { address } }) => [
      this.#keys.route(address),
      this.#keys.revoked(address),
      this.#keys.kept(address),
      this.#keys.sessions(address),
    ]);
    const args = binds.flatMap(({ expected, rule, session, token }) => [
      expected,
      session.serverId,
      token.endsAt ?? '',
      token.issuedAt ?? '',
      token.session ?? '',
      session.id,
      encodeSession(session),
      session.devId ?? '',
      rule.most,
      rule.refusesNewcomers ? 1 : 0,
      rule.without?.join(',') ?? '',
    ]);
    return (await run(this.#client, scripts.bindSession, keys, [routeTtlMs, ...args])) as BindAnswer[];
  }

  async unbind(sessions: readonly EndedSession[], graceMs = 0): Promise<Standing[]> {
    const answers = await this.#inGroups(sessions, (some) => {
      const keys = some.flatMap(({ address }) => {
        const route = this.#keys.route(address);
        return [route, this.#keys.movingBeside(route), this.#keys.sessions(address)];
      });
      const args = some.flatMap(({ id, serverId }) => [serverId, id]);
      return run(this.#client, scripts.unbindSession, keys, [graceMs, ...args]);
    });
    return (answers as [ByteText, number][]).map(([number, open]) => ({ number: Number(number), open }));
  }

  async refresh(sessions: readonly SessionToRefresh[]): Promise<RefreshedSession[]> {
    const answers = await this.#inGroups(sessions, (some) => {
      const keys = some.flatMap(({ address }) => [this.#keys.route(address), this.#keys.sessions(address)]);
      const args = some.flatMap((session) => [
        session.serverId,
        session.id,
        encodeSession(session),
        session.most ?? 1,
      ]);
      return run(this.#client, scripts.refreshSession, keys, [routeTtlMs, ...args]);
    });
    return (answers as RefreshAnswer[]).map(([holder, number, open = 0, others = ''], index) => {
      if (holder === undefined) return {};
      if (number === undefined) return { foreign: Number(holder) };
      const standing = { number: Number(number), open };
      return { standing, others: readServers(others, sessions[index]?.serverId) };
    });
  }

  async list(addresses: readonly DeviceAddress[]): Promise<Session[][]> {
    const hashes = await this.#inGroups(addresses, (some) =>
      run(
        this.#client,
        scripts.listSessions,
        some.map((address) => this.#keys.sessions(address)),
        [],
      ),
    );
    return addresses.map((address, index) => {
      const flat = hashes[index] as ByteText[];
      const rows: { readonly began: number; readonly texts: ByteText[] }[] = [];
      for (let at = 0; at + 1 < flat.length; at += 2) {
        const [, began, json] = /^\d+ (\d+) (.*)$/s.exec(flat[at + 1] ?? '') ?? [];
        if (json !== undefined)
          rows.push({ began: Number(began), texts: [flat[at] ?? ('' as ByteText), json as ByteText] });
      }
      rows.sort((a, b) => a.began - b.began);
      return readSessions(
        address,
        rows.flatMap(({ texts }) => texts),
      );
    });
  }

  async record(serverId: number, changes: readonly TableChange[]): Promise<void> {
    for (let first = 0; first < changes.length; first += rowsPerCommand) {
      const some = changes.slice(first, first + rowsPerCommand);
      const args = some.flatMap(([id, row]) => [id, row ? encodeRow(row) : '']);
      await run(this.#client, scripts.record, [this.#keys.sessionTable(serverId)], [tableTtlS, ...args]);
    }
  }

  async *table(serverId: number): AsyncGenerator<readonly TableRow[]> {
    const key = this.#keys.sessionTable(serverId);
    let cursor = '0';
    do {
      const answer = await call(this.#client, 'hscan', [key, cursor, 'COUNT', rowsPerCommand]);
      const [next, flat] = answer as [string, ByteText[]];
      cursor = next;
      const rows: TableRow[] = [];
      for (let at = 0; at + 1 < flat.length; at += 2) {
        const row = decodeRow(fromByteText(flat[at] ?? ''), fromByteText(flat[at + 1] ?? ''));
        if (row) rows.push(row);
      }
      yield rows;
    } while (cursor !== '0');
  }

  async count(serverIds: readonly number[]): Promise<number[]> {
    const counts = serverIds.map((id) => call(this.#client, 'hlen', [this.#keys.sessionTable(id)]));
    return (await Promise.all(counts)).map(Number);
  }

  async #inGroups<T>(
    items: readonly T[],
    send: (some: readonly T[]) => Promise<unknown>,
  ): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (let next = 0; next < items.length;) {
      const groups: Promise<unknown>[] = [];
      for (const end = next + sessionsAtOnce; next < Math.min(end, items.length); next += this.#perCommand) {
        groups.push(send(items.slice(next, next + this.#perCommand)));
      }
      for (const group of (await Promise.all(groups)) as unknown[][]) answers.push(...group);
    }
    return answers;
  }
}

/** As a script has written them. */
function readServers(text: string, own = 0): number[] {
  return text === '' ? [] : otherServers(text.split(',').map(Number), own);
}

function encodeSession(session: Session): string {
  return JSON.stringify({ server: session.serverId, ...detailsOf(session) });
}

/** Ids and details by turns. What is no session is left out. */
function readSessions(address: DeviceAddress, texts: readonly ByteText[]): Session[] {
  const sessions: Session[] = [];
  for (let at = 0; at + 1 < texts.length; at += 2) {
    const id = fromByteText(texts[at] ?? '');
    const details = readDetails(fromByteText(texts[at + 1] ?? ''));
    if (details) sessions.push({ id, address, serverId: Number(details.server), ...detailsOf(details) });
  }
  return sessions;
}

function readDetails(json: string): (Session & { readonly server: unknown }) | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null
      ? (value as Session & { readonly server: unknown })
      : undefined;
  } catch {
    return undefined;
  }
}
