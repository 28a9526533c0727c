import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { MessagePages } from '../inbox/message-pages.ts';
import type { ShownMessage } from '../inbox/message-view.ts';
import type { Places } from '../inbox/place.ts';
import type { Limiter } from '../limits/limiter.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import type { UserStore } from '../users/user-store.ts';
import type { ReportReason } from './report.ts';
import type { OwnReport, ReportStore } from './report-store.ts';

export interface ReportDeps {
  readonly reports: ReportStore;
  readonly places: Pick<Places, 'find'>;
  readonly pages: Pick<MessagePages, 'find' | 'read' | 'between'>;
  readonly users: Pick<UserStore, 'find'>;
  /** Of one user, in a day. */
  readonly limit: Pick<Limiter, 'take'>;
}

export type About =
  { readonly conversationId: string; readonly number: number } | { readonly userId: number };

interface Subject {
  readonly userId: number;
  readonly conversation: string | null;
  readonly number: number | null;
  readonly evidence: object;
}

/** Messages on each side of one that is reported: what it answers, and what came of it. */
const neighbours = 5;

/**
 * Reports of messages and of people, with what the reporter saw at that moment: nothing that they could not read themselves, and a copy, as
 * messages are recalled and people change their names.
 */
export class ReportService {
  readonly #deps: ReportDeps;

  constructor(deps: ReportDeps) {
    this.#deps = deps;
  }

  async report(
    { userId }: Caller,
    about: About,
    { reason, text = '' }: { readonly reason: ReportReason; readonly text?: string | undefined },
  ): Promise<OwnReport> {
    const { reports, limit } = this.#deps;
    const subject =
      'userId' in about ? await this.#person(userId, about.userId) : await this.#message(userId, about);
    if (subject.userId === userId) throw new Refusal('reportSelf');
    const target = 'userId' in about ? `user:${about.userId}` : `${about.conversationId}:${about.number}`;
    const before = await reports.find(userId, target);
    if (before) return before;
    const { isWithin, waitS } = await limit.take(String(userId));
    if (!isWithin) throw new Refusal('tooManyReports', { code: 429, retryAfterS: waitS });
    await reports.add({
      ...{ reporterId: userId, target, reason, text, sentTime: Date.now() },
      ...{ ...subject, evidence: JSON.stringify(subject.evidence) },
    });
    const stored = await reports.find(userId, target);
    if (!stored) throw new Error('A report is gone that was just stored.');
    return stored;
  }

  page({ userId }: Caller, beforeId: number, limit: number): Promise<OwnReport[]> {
    return this.#deps.reports.pageOf(userId, beforeId, limit);
  }

  async #message(
    userId: number,
    { conversationId, number }: Extract<About, { conversationId: string }>,
  ): Promise<Subject> {
    const { places, pages } = this.#deps;
    const place = await places.find(userId, conversationId);
    const message = await pages.find(userId, place, number);
    const { first, last } = place;
    const around = await pages.between(userId, place, [
      Math.max(first, number - neighbours),
      Math.min(last, number + neighbours),
    ]);
    const senderId = Number(message.senderId);
    return { userId: senderId, conversation: conversationId, number, evidence: { message, around } };
  }

  async #person(userId: number, id: number): Promise<Subject> {
    const user = await this.#deps.users.find(id);
    if (!user || user.deletedTime !== null) throw new Refusal('userUnknown');
    const { nickName, signature, headImage } = user;
    const around = await this.#lastBetween(userId, id);
    return {
      userId: id,
      conversation: null,
      number: null,
      evidence: { nickName, signature, headImage, around },
    };
  }

  /** What the two have said to each other last; nothing where they have not. */
  async #lastBetween(userId: number, otherId: number): Promise<ShownMessage[]> {
    if (userId === otherId) return [];
    const { places, pages } = this.#deps;
    try {
      const place = await places.find(userId, conversationOf(userId, otherId));
      return (await pages.read(userId, place, { limit: 2 * neighbours })).items;
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  }
}
