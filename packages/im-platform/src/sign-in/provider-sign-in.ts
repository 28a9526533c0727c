import { z } from 'zod';
import { Refusal } from '../http/refusal.ts';
import type { Tickets, TicketKind } from '../seals/tickets.ts';
import type { TokenPair } from '../sessions/tokens.ts';
import type { Device, Entrance } from './entrance.ts';
import type { ResolvedProvider } from './identity-provider.ts';
import type { Links } from './links.ts';
import { outsiderIn } from './outsider.ts';
import type { RelyingParty } from './relying-party.ts';

/** One at which people sign in. */
export interface Party {
  readonly provider: ResolvedProvider;
  readonly party: RelyingParty;
}

export interface ProviderSignInDeps {
  readonly parties: ReadonlyMap<string, Party>;
  readonly tickets: Tickets;
  readonly entrance: Entrance;
  readonly links: Links;
}

const checks = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });
/** What is to come of it: a session on a device, or a link to who is signed in already. */
const purpose = z.union([
  z.object({ terminal: z.int(), deviceName: z.string() }),
  z.object({ linkTo: z.int(), sessionId: z.string() }),
]);
type Purpose = z.output<typeof purpose>;

/** Kept by the browser that began: who has another one, or none, cannot end it. */
const begun = {
  purpose: 'sign-in begun',
  lifeS: 600,
  data: z.object({ providerId: z.string(), checks, purpose }),
} satisfies TicketKind<unknown>;

/** Kept by the browser that came back, until its page is loaded. */
const done = {
  purpose: 'sign-in done',
  lifeS: 120,
  data: z.object({ providerId: z.string(), userId: z.int(), terminal: z.int(), deviceName: z.string() }),
} satisfies TicketKind<unknown>;

export const lifeS = { begun: begun.lifeS, done: done.lifeS };

/** The way of a person to a provider and back. */
export class ProviderSignIn {
  readonly #deps: ProviderSignInDeps;

  constructor(deps: ProviderSignInDeps) {
    this.#deps = deps;
  }

  async begin(
    providerId: string,
    purpose: Purpose,
  ): Promise<{ readonly url: string; readonly ticket: string }> {
    const { url, checks } = await this.#partyOf(providerId).party.begin();
    return { url, ticket: this.#deps.tickets.issue(begun, { providerId, checks, purpose }) };
  }

  /** Somebody is back. The ticket of what they are let in with; undefined: they are linked now. */
  async comeBack(
    providerId: string,
    query: string,
    { ticket, network }: { readonly ticket: string; readonly network: string },
  ): Promise<string | undefined> {
    const { tickets, entrance, links } = this.#deps;
    const kept = tickets.read(begun, ticket);
    // Another provider's, too: it would be asked about a code that is not its own.
    if (kept?.providerId !== providerId || !(await tickets.spend(begun, ticket)))
      throw new Refusal('signInOver');
    const { provider, party } = this.#partyOf(providerId);
    const outsider = outsiderIn(await party.finish(query, kept.checks), provider);
    if ('linkTo' in kept.purpose) {
      await links.add(kept.purpose, outsider, network);
      return undefined;
    }
    const { id: userId } = await entrance.userOf(outsider, provider, network);
    return tickets.issue(done, { providerId, userId, ...kept.purpose });
  }

  /** A session for who came back. */
  async finish(ticket: string, network: string): Promise<TokenPair> {
    const { tickets, entrance } = this.#deps;
    const kept = tickets.read(done, ticket);
    if (!kept || !(await tickets.spend(done, ticket))) throw new Refusal('signInOver');
    const { providerId, userId, terminal, deviceName } = kept;
    const device: Device = { network, terminal, deviceName };
    return entrance.openFor(userId, this.#partyOf(providerId).provider, device);
  }

  #partyOf(providerId: string): Party {
    const found = this.#deps.parties.get(providerId);
    if (!found) throw new Refusal('providerUnknown');
    return found;
  }
}
