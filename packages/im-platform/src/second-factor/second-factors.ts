import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { Audit } from '../operations/audit.ts';
import type { Seals } from '../seals/seals.ts';
import type { Tickets, TicketKind } from '../seals/tickets.ts';
import type { FactorStore } from './factor-store.ts';
import { hashOfCode, newCodes } from './recovery-codes.ts';
import { addressOf, stepOf, toBase32 } from './totp.ts';

export interface SecondFactorDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly store: FactorStore;
  readonly seals: Seals;
  readonly tickets: Tickets;
  /** Wrong codes, by account. */
  readonly attempts: Pick<Limiter, 'take' | 'giveBack'>;
  readonly audit: Pick<Audit, 'record'>;
  /** The user's row: nothing else begins a session, or changes them, until the transaction ends. */
  readonly holdUser: (sql: Sql, userId: number) => Promise<unknown>;
}

/** How a session is to begin, of who has shown all but the second factor. */
const waiting = {
  purpose: 'second factor',
  lifeS: 300,
  data: z.object({
    userId: z.int(),
    terminal: z.int(),
    deviceName: z.string(),
    lifeS: z.int().optional(),
    /** Of the password's hash: with a new password the ticket is void. Absent: another one vouches for them. */
    proof: z.string().optional(),
  }),
} satisfies TicketKind<unknown>;
export type Waiting = z.output<typeof waiting.data>;

const secretBytes = 20;
const atOnce = 500;
const sealedFor = 'second factor';
/** So long an app has time to show that it knows a secret. */
const confirmWithinMs = 15 * 60_000;

/** The second thing that somebody shows to come in: a code of their app, or one of those for who has lost it. */
export class SecondFactors {
  readonly #deps: SecondFactorDeps;

  constructor(deps: SecondFactorDeps) {
    this.#deps = deps;
  }

  isOn(userId: number): Promise<boolean> {
    return this.#deps.store.isOn(userId);
  }

  /** Whether somebody else vouches for them. */
  isLinked(userId: number): Promise<boolean> {
    return this.#deps.store.isLinked(userId);
  }

  async state(userId: number): Promise<{ readonly since: number | null; readonly codesLeft: number }> {
    const { store } = this.#deps;
    const factor = await store.find(userId);
    return { since: factor?.confirmedTime ?? null, codesLeft: await store.codesLeft(userId) };
  }

  /** Refuses, with what is to be shown together with the code: there is no session before that. */
  async demand(of: Omit<Waiting, 'proof'>, passwordHash: string | undefined): Promise<void> {
    if (!(await this.isOn(of.userId))) return;
    const proof = passwordHash === undefined ? {} : { proof: proofOf(passwordHash) };
    const ticket = this.#deps.tickets.issue(waiting, { ...of, ...proof });
    throw new Refusal('secondFactorNeeded', { ticket });
  }

  /** Who waits with that ticket and has shown a good code. `passwordHashOf`: what their password is now. */
  async redeem(
    ticket: string,
    code: string,
    {
      network,
      passwordHashOf,
    }: { readonly network: string; readonly passwordHashOf: (userId: number) => Promise<string | undefined> },
  ): Promise<Waiting> {
    const { tickets } = this.#deps;
    const found = tickets.read(waiting, ticket);
    if (!found) throw new Refusal('ticketOver');
    const hash = await passwordHashOf(found.userId);
    if (hash === undefined || (found.proof !== undefined && found.proof !== proofOf(hash)))
      throw new Refusal('ticketOver');
    await this.#check(found.userId, code, network);
    if (!(await tickets.spend(waiting, ticket))) throw new Refusal('ticketOver');
    return found;
  }

  /** A secret for the app, which counts from the first code on that it shows. */
  async begin(
    userId: number,
    {
      hasPassword,
      ...about
    }: { readonly hasPassword: boolean; readonly account: string; readonly issuer: string },
  ): Promise<{ readonly secret: string; readonly address: string }> {
    const { database, store, seals, holdUser } = this.#deps;
    // Who is let in by another back end alone would be locked out: it cannot ask for a code.
    if (!hasPassword && !(await store.isLinked(userId))) throw new Refusal('secondFactorNotHere');
    const secret = randomBytes(secretBytes);
    await database.transaction(async (sql) => {
      await holdUser(sql, userId);
      if (await store.isOn(userId, sql)) throw new Refusal('secondFactorIsOn');
      await store.begin(sql, userId, seals.seal(sealedFor, secret.toString('base64')));
    });
    return { secret: toBase32(secret), address: addressOf({ secret, ...about }) };
  }

  /** On from now on. What is returned is kept nowhere. */
  async confirm(userId: number, code: string, network: string): Promise<string[]> {
    const { store, audit } = this.#deps;
    const factor = await store.find(userId);
    if (factor?.confirmedTime !== null || Date.now() > factor.createdTime + confirmWithinMs)
      throw new Refusal('secondFactorNotBegun');
    const codes = await this.#limited(userId, network, () =>
      this.#withCode(userId, code, async (sql) => {
        await store.confirm(sql, userId);
        return this.#renewCodes(sql, userId);
      }),
    );
    audit.record({ event: 'second-factor-on', userId, network });
    return codes;
  }

  async turnOff(userId: number, code: string, network: string): Promise<void> {
    const { database, store, audit } = this.#deps;
    await this.#check(userId, code, network);
    await database.transaction((sql) => store.remove(sql, userId));
    audit.record({ event: 'second-factor-off', userId, network });
  }

  /** Ten new ones; those before are void. */
  async renewCodes(userId: number, code: string, network: string): Promise<string[]> {
    await this.#check(userId, code, network);
    return this.#deps.database.transaction((sql) => this.#renewCodes(sql, userId));
  }

  /** From then on no secret but the first is needed for any of them. Resolves with how many none of ours opens. */
  async resealAll(): Promise<number> {
    const { store, seals } = this.#deps;
    let lost = 0;
    for (let after = 0; ;) {
      const some = await store.after(after, atOnce);
      for (const { userId, secret } of some) {
        if (!seals.isOld(secret)) continue;
        const text = seals.open(sealedFor, secret);
        if (text === undefined) lost += 1;
        else await store.reseal(userId, secret, seals.seal(sealedFor, text));
      }
      const last = some.at(-1);
      if (!last || some.length < atOnce) return lost;
      after = last.userId;
    }
  }

  async #renewCodes(sql: Sql, userId: number): Promise<string[]> {
    const codes = newCodes();
    await this.#deps.store.setCodes(
      sql,
      userId,
      codes.flatMap((code) => hashOfCode(code) ?? []),
    );
    return codes;
  }

  /** A code of the app, or for who has lost it. Each counts once. */
  async #check(userId: number, code: string, network: string): Promise<void> {
    const { database, store, audit } = this.#deps;
    if (!(await store.isOn(userId))) throw new Refusal('secondFactorIsOff');
    const hash = hashOfCode(code);
    if (hash === undefined)
      return this.#limited(userId, network, () => this.#withCode(userId, code, () => Promise.resolve()));
    // Not limited: nobody guesses one, and whoever knows the password alone must not lock out who has them.
    if (await store.useCode(database.sql, userId, hash)) return;
    audit.record({ event: 'second-factor-refused', userId, network });
    throw new Refusal('secondFactorWrong');
  }

  /** Six digits are soon guessed: only so many are looked at. Nobody is counted who has not shown the password. */
  async #limited<T>(userId: number, network: string, work: () => Promise<T>): Promise<T> {
    const { attempts, audit } = this.#deps;
    const key = `user:${userId}`;
    const { isWithin, waitS } = await attempts.take(key);
    if (!isWithin) throw new Refusal('tooManyLogins', { code: 429, retryAfterS: waitS });
    try {
      const done = await work();
      await attempts.giveBack(key);
      return done;
    } catch (error) {
      if (error instanceof Refusal) audit.record({ event: 'second-factor-refused', userId, network });
      throw error;
    }
  }

  async #withCode<T>(userId: number, code: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    const { database, store, seals, holdUser } = this.#deps;
    const factor = await store.find(userId);
    const text = factor && seals.open(sealedFor, factor.secret);
    if (!factor || text === undefined) throw new Refusal('secondFactorWrong');
    const step = stepOf(Buffer.from(text, 'base64'), code.replaceAll(' ', ''), Date.now());
    if (step === undefined) throw new Refusal('secondFactorWrong');
    const done = await database.transaction(async (sql) => {
      await holdUser(sql, userId);
      // Another secret may have taken its place since, which this code says nothing of.
      if ((await store.find(userId, sql))?.secret !== factor.secret) throw new Refusal('secondFactorWrong');
      if (!(await store.useStep(sql, userId, step))) throw new Refusal('secondFactorWrong');
      return work(sql);
    });
    // So that an old secret of the platform is soon needed no more.
    if (seals.isOld(factor.secret)) await store.reseal(userId, factor.secret, seals.seal(sealedFor, text));
    return done;
  }
}

function proofOf(passwordHash: string): string {
  return createHash('sha256').update(passwordHash).digest('base64url');
}
