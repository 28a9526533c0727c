// A case that is over goes to whoever keeps them (a CRM, a mail), signed as the platform's webhooks are, until it is taken.
import type { Case, Cases } from './cases.ts';
import { sign } from './signatures.ts';

export interface TranscriptOptions {
  /** Nowhere: they are printed. */
  readonly url: string | undefined;
  readonly secret: string;
  /** So long one may think about the rating. */
  readonly ratingWaitMs: number;
}

/** All that was said is there, and the rating, if there is to be one. */
function isDue({ state, closedAt = 0, lastNumber, lines, rating }: Case, ratingWaitMs: number): boolean {
  if (state !== 'closed' || lastNumber === undefined || lines.at(-1)?.number !== lastNumber) return false;
  return rating !== undefined || closedAt + ratingWaitMs <= Date.now();
}

/** One that is not taken keeps no other waiting; it is sent again in the next round. */
export async function sendDue(cases: Cases, options: TranscriptOptions): Promise<void> {
  const due = cases.all().filter((one) => isDue(one, options.ratingWaitMs));
  const outcomes = await Promise.allSettled(
    due.map(async (one) => {
      await send(one, options);
      cases.forget(one);
    }),
  );
  const failed = outcomes.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason as Error;
}

async function send(
  { id, visitor, openedAt, closedAt, rating, lines, dropped }: Case,
  { url, secret }: TranscriptOptions,
): Promise<void> {
  const agents = [...new Set(lines.map(({ from }) => from))].filter((from) => !/^(visitor|desk)$/.test(from));
  const body = JSON.stringify({ id, visitor, agents, openedAt, closedAt, rating, lines, dropped });
  if (url === undefined) {
    console.log(`transcript: ${body}`);
    return;
  }
  const timeS = Math.floor(Date.now() / 1_000);
  const headers = {
    ...{ 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(timeS) },
    'webhook-signature': `v1,${sign(secret, id, timeS, body)}`,
  };
  const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) });
  if (!answer.ok) throw new Error(`The transcript ${id} was not taken: ${answer.status}`);
}
