import { randomBytes } from 'node:crypto';
import type { Logger } from 'im-common';
import { z } from 'zod';
import { toTime } from '../api/values.ts';
import type { Database } from '../db/database.ts';
import { findToldUsers } from '../events/told-users.ts';
import { Refusal } from '../http/refusal.ts';
import type { NewDetail } from '../message-details/detail.ts';
import type { SignedPost } from '../outgoing/signed-post.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

export interface MessageHookDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly post: Pick<SignedPost, 'ask'>;
  /** As `/v1` shows it, with addresses that whoever is asked can load. */
  readonly show: (said: AboutToSay) => object;
  readonly timeoutMs: number;
  /** What becomes of messages while nobody answers. */
  readonly whenAway: 'allow' | 'refuse';
  readonly onAnswer: (answer: HookAnswer) => void;
  readonly logger: Logger;
}

export type HookAnswer = 'allow' | 'refuse' | 'change' | 'away';

/** What somebody is about to say. */
export interface AboutToSay {
  readonly userId: number;
  readonly conversation: string;
  readonly type: number;
  readonly content: string;
  readonly detail?: NewDetail | undefined;
  /** Of the message that is written over; undefined: it is a new one. */
  readonly number?: number | undefined;
}

const longestReason = 200;
const longestText = 16_000;

const verdict = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('allow') }),
  z.object({ verdict: z.literal('refuse'), text: z.string().min(1).max(longestReason) }),
  z.object({ verdict: z.literal('change'), text: z.string().min(1).max(longestText) }),
]);
type Verdict = z.output<typeof verdict>;

/**
 * Asks somebody else about each message before it is stored: they allow it, refuse it with a text for its sender, or change its text.
 * Nobody else waits meanwhile, and what one sends to a conversation stays in its order.
 */
export class MessageHook {
  readonly #deps: MessageHookDeps;
  readonly #breaker = new CircuitBreaker();
  /** Of each sender in each conversation, what is asked last. */
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(deps: MessageHookDeps) {
    this.#deps = deps;
  }

  /** Resolves with the text to be stored; undefined: as it is. Throws the refusal. */
  async judge(said: AboutToSay): Promise<string | undefined> {
    const key = `${said.userId} ${said.conversation}`;
    const before = this.#last.get(key);
    const asked = this.#ask(said);
    const settled = Promise.allSettled([before, asked]);
    this.#last.set(key, settled);
    void settled.then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    });
    await settled;
    const answer = await asked;
    this.#deps.onAnswer(answer?.verdict ?? 'away');
    if (!answer) {
      if (this.#deps.whenAway === 'allow') return undefined;
      throw new Refusal('unavailable', { code: 503 });
    }
    if (answer.verdict === 'refuse') throw new Refusal('messageRefused', { values: { text: answer.text } });
    return answer.verdict === 'change' ? answer.text : undefined;
  }

  /** Undefined: nobody has answered, or what nobody can read. */
  async #ask(said: AboutToSay): Promise<Verdict | undefined> {
    const { post, timeoutMs, logger } = this.#deps;
    if (!this.#breaker.mayTry()) return undefined;
    try {
      const { id, body } = await this.#write(said);
      const text = await post.ask(id, body, AbortSignal.timeout(timeoutMs));
      const answer = verdict.parse(text.trim() === '' ? { verdict: 'allow' } : JSON.parse(text));
      this.#breaker.worked();
      return answer;
    } catch (error) {
      if (this.#breaker.failed())
        logger.error(
          { err: error },
          'the hook before messages does not answer; it is asked again in some seconds',
        );
      return undefined;
    }
  }

  async #write(said: AboutToSay): Promise<{ id: string; body: string }> {
    const { userId, conversation, number } = said;
    const id = `ask_${randomBytes(15).toString('base64url')}`;
    const users = [...(await findToldUsers(this.#deps.database.sql, [userId])).values()];
    const data = {
      ...{ conversationId: conversation, senderId: String(userId), content: this.#deps.show(said) },
      ...(number === undefined ? { isEdit: false } : { isEdit: true, number }),
    };
    const body = { id, type: 'message.before', timestamp: toTime(Date.now()), data, users };
    return { id, body: JSON.stringify(body) };
  }
}
