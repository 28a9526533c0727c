import { ImError } from 'im-common';
import { invalidArgument, show } from 'im-common/internal/checks';
import { rest, type Clock } from 'im-common/internal/bus';
import type { BusHealth } from '../bus/bus-health.ts';
import type { Gate } from '../calls/calls.ts';

/**
 * What is wrong with the bus. `away`: calls reject with BUS_UNAVAILABLE, and had no effect. `answer-lost`: the same, and they
 * had their effect, which `effect: 'unknown'` says. `full`: sends reject with BUS_FULL. `{ slowMs }`: calls take so long, by the test's clock.
 */
export type BusFault = 'away' | 'answer-lost' | 'full' | { readonly slowMs: number };

const never = new AbortController().signal;

/** Stands between the client and its bus. */
export class Faults {
  readonly #clock: Clock;
  readonly #ready: () => Promise<void>;
  #fault: BusFault | undefined;

  constructor(clock: Clock, ready: () => Promise<void>) {
    this.#clock = clock;
    this.#ready = ready;
  }

  break(fault: BusFault): void {
    this.#fault = checkFault(fault);
  }

  /** What the client has not noticed as lost it does not call back either. */
  mend(health: BusHealth): void {
    this.#fault = undefined;
    health.worked();
  }

  readonly gate: Gate = async (what, call) => {
    const fault = this.#fault;
    await this.#ready();
    if (typeof fault === 'object') await rest(this.#clock, fault.slowMs, never);
    else if (fault === 'away') throw busAway('none', 'Nothing was sent.');
    else if (fault === 'full' && what === 'sends') throw busFull();
    const answer = await call();
    if (fault === 'answer-lost') throw busAway('unknown', 'It may have happened all the same.');
    return answer;
  };
}

function checkFault(fault: unknown): BusFault {
  if (fault === 'away' || fault === 'answer-lost' || fault === 'full') return fault;
  const { slowMs } = (fault ?? {}) as { readonly slowMs?: unknown };
  if (typeof slowMs === 'number' && slowMs >= 0) return { slowMs };
  throw invalidArgument(
    `The fault is ${show(fault)}; expected "away", "answer-lost", "full" or { slowMs: milliseconds }.`,
  );
}

function busAway(effect: 'none' | 'unknown', what: string): ImError {
  return new ImError('BUS_UNAVAILABLE', `The bus did not answer, as the test wants it. ${what}`, { effect });
}

function busFull(): ImError {
  return new ImError('BUS_FULL', 'The list of the server is full, as the test wants it. Nothing was sent.');
}
