import { chunksOf } from '../db/chunks.ts';
import { LaneMoved } from '../db/lane-fences.ts';
import {
  findCandidates,
  findRegistered,
  mostUsersAtOnce,
  type AudienceDeps,
  type Candidate,
} from './audience.ts';
import { decide, type Decision } from './decision.ts';
import { newsForMs, type Claimed, type DueConversations } from './due-conversations.ts';
import { Held } from './held.ts';
import { findNews, forReader, type News } from './news.ts';
import type { Teller } from './teller.ts';

export interface RoundDeps extends AudienceDeps {
  readonly due: Pick<DueConversations, 'renew' | 'finish'>;
  readonly teller: Pick<Teller, 'tell' | 'withdraw' | 'pass'>;
  readonly count: (decision: Decision) => void;
}

/** When it is looked again whether the transport knows by now. */
const lookAgainMs = 2_000;

/** What is due in one conversation: decides for everybody who has registered a device, and tells them. If it moves meanwhile that is done where it is then. */
export async function runRound(deps: RoundDeps, given: Claimed): Promise<void> {
  try {
    await tellAll(deps, given);
  } catch (error) {
    if (!(error instanceof LaneMoved)) throw error;
  }
}

async function tellAll(deps: RoundDeps, given: Claimed): Promise<void> {
  const { conversation, done } = given;
  const news = await findNews(deps.database, conversation, {
    after: done,
    since: Date.now() - newsForMs,
  });
  const held = new Held(deps.due, given);
  try {
    let againAt: number | undefined;
    for (const userIds of chunksOf(await findRegistered(deps, conversation), mostUsersAtOnce)) {
      const next = await runPart(deps, news, userIds);
      if (next !== undefined) againAt = Math.min(next, againAt ?? Infinity);
      // It stood still for so long that somebody else has begun anew: with what is noted of it.
      if (!(await held.renew())) return;
    }
    await held.finish(news.upTo, againAt);
  } finally {
    held.end();
  }
}

interface Decided {
  readonly candidate: Candidate;
  readonly decision: Decision;
}

/** Resolves with when there is something to be done again. */
async function runPart(deps: RoundDeps, news: News, userIds: readonly number[]): Promise<number | undefined> {
  const { conversation, messages } = news;
  const senders = [...new Set(messages.map(({ message }) => message.sendId))];
  const candidates = await findCandidates(deps, conversation, { userIds, senders });
  const now = Date.now();
  const decided = candidates.map((candidate): Decided => {
    const { registration, place, ...reader } = candidate;
    const seen = messages.map((said) => forReader(said, { ...reader, userId: registration.userId }, now));
    return { candidate, decision: decide(place, seen) };
  });
  for (const { decision } of decided) deps.count(decision);
  const againAt: number[] = [];
  const passed: Candidate[] = [];
  await Promise.all(
    decided.map(async ({ candidate, decision }) => {
      switch (decision.act) {
        case 'tell': {
          const said = messages.find(({ message }) => message.number === decision.number);
          const later = said && (await deps.teller.tell(candidate, conversation, said.message));
          if (later !== undefined) againAt.push(later);
          break;
        }
        case 'withdraw':
          await deps.teller.withdraw(candidate.registration, conversation);
          break;
        case 'wait':
          againAt.push(Math.max(now + lookAgainMs, candidate.registration.retryTime));
          break;
        case 'nothing':
          if (decision.why === 'acknowledged') passed.push(candidate);
      }
    }),
  );
  if (againAt.length === 0) return undefined;
  // Who has it now may be offline when the others are looked at again.
  const [newest] = messages;
  if (newest) await deps.teller.pass(passed, conversation, newest.message.number);
  return Math.min(...againAt);
}
