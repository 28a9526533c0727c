import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language, type TextKey } from '../http/texts.ts';
import { MessageStatus, MessageType } from '../wire/message-type.ts';
import type { Announcement } from '../message-log/entries.ts';
import type { PrivateDraft, PrivateMessageLog } from '../messages/private/private-log.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { PrivateEvents } from '../push/private-events.ts';
import { findHindrances } from '../privacy/who-may.ts';
import type { Caller } from '../http/caller.ts';
import { otherTerminals } from '../wire/terminals.ts';
import { durationText, otherEnd, sideOf, type Call, type CallMode, type Side } from './call.ts';
import type { CallStore } from './call-store.ts';

export interface CallDeps {
  readonly store: CallStore;
  readonly database: Pick<Database, 'sql'>;
  readonly log: PrivateMessageLog;
  readonly events: Pick<PrivateEvents, 'push'>;
  readonly im: Pick<PlatformIm, 'onlineTerminals'>;
  /** Of the records. */
  readonly language: Language;
}

/** What a call leaves behind in the chat. */
interface CallRecord {
  readonly text: TextKey;
  readonly duration?: string;
  readonly status: number;
}

/** A call as far as it matters to the record of it. */
type Recorded = Pick<Call, 'callerId' | 'acceptorId' | 'mode'>;

/**
 * Calls between two friends (contract C.9). Offers, answers and candidates go from end to end as they are; what is kept
 * is who talks to whom. Each call ends once, whoever ends it and however many at the same moment, because the record
 * of it and the end are one transaction.
 */
export class CallService {
  readonly #deps: CallDeps;

  constructor(deps: CallDeps) {
    this.#deps = deps;
  }

  async call({ userId, terminal }: Caller, uid: number, mode: CallMode, offer: string): Promise<void> {
    const { store, database, im, events } = this.#deps;
    // Nobody is their own friend, or a friend of somebody who does not exist.
    const [hindrance] = (await findHindrances(database.sql, 'call', [[userId, uid]])).values();
    if (hindrance) throw new Refusal(hindrance);
    const online = await im.onlineTerminals([userId, uid]);
    if (online.get(String(userId))?.includes(terminal) !== true) throw new Refusal('youAreOffline');

    const call = { mode, callerId: userId, callerTerminal: terminal, acceptorId: uid };
    const missed: CallRecord = { text: 'callMissed', status: MessageStatus.PENDING };
    if (!online.has(String(uid))) {
      await this.#record(call, missed);
      throw new Refusal('peerOffline');
    }
    if (!(await store.begin(call))) {
      await this.#record(call, missed);
      throw new Refusal('peerBusy');
    }
    const type = mode === 'voice' ? MessageType.RTC_CALL_VOICE : MessageType.RTC_CALL_VIDEO;
    await events.push({ type, sendId: userId, recvId: uid, content: offer });
  }

  async accept(caller: Caller, uid: number, answer: string): Promise<void> {
    const { call } = await this.#find(caller, uid, 'acceptor');
    if (!(await this.#deps.store.answer(call.id, caller.terminal))) throw new Refusal('callOver');
    await this.#notify(caller, uid, {
      type: MessageType.RTC_ACCEPT,
      content: answer,
      ...otherEnd(call, 'acceptor'),
    });
    await this.#notifyMyOtherTerminals(caller, uid, { type: MessageType.RTC_ACCEPT, content: answer });
  }

  async reject(caller: Caller, uid: number): Promise<void> {
    const { call } = await this.#end(caller, uid, 'acceptor', () => ({
      text: 'callRejected',
      status: MessageStatus.READED,
    }));
    await this.#notify(caller, uid, { type: MessageType.RTC_REJECT, ...otherEnd(call, 'acceptor') });
    await this.#notifyMyOtherTerminals(caller, uid, { type: MessageType.RTC_REJECT });
  }

  async cancel(
    caller: Caller,
    uid: number,
    text: 'callCancelled' | 'callMissed' = 'callCancelled',
  ): Promise<void> {
    // Not read: it is a call that the other one missed.
    await this.#end(caller, uid, 'caller', () => ({ text, status: MessageStatus.PENDING }));
    await this.#notify(caller, uid, { type: MessageType.RTC_CANCEL, to: uid });
  }

  /** Whichever of the three it is by now; the caller may have given up because nobody took it. */
  async end(caller: Caller, uid: number, why: 'over' | 'no-answer' = 'over'): Promise<void> {
    const { call, side } = await this.#find(caller, uid, 'either');
    if (call.answeredTime !== null) return this.hangUp(caller, uid);
    if (side === 'acceptor') return this.reject(caller, uid);
    return this.cancel(caller, uid, why === 'no-answer' ? 'callMissed' : 'callCancelled');
  }

  async fail(caller: Caller, uid: number, reason: string | undefined): Promise<void> {
    const { call, side } = await this.#end(caller, uid, 'either', () => ({
      text: 'callMissed',
      status: MessageStatus.READED,
    }));
    await this.#notify(caller, uid, {
      type: MessageType.RTC_FAILED,
      content: reason,
      ...otherEnd(call, side),
    });
  }

  async hangUp(caller: Caller, uid: number): Promise<void> {
    const { call, side } = await this.#end(caller, uid, 'either', (ended) => ({
      text: 'callDuration',
      duration: durationText(ended, Date.now()),
      status: MessageStatus.READED,
    }));
    await this.#notify(caller, uid, { type: MessageType.RTC_HANDUP, ...otherEnd(call, side) });
  }

  async candidate(caller: Caller, uid: number, candidate: string): Promise<void> {
    const { call, side } = await this.#find(caller, uid, 'either');
    await this.#notify(caller, uid, {
      type: MessageType.RTC_CANDIDATE,
      content: candidate,
      ...otherEnd(call, side),
    });
  }

  /** Pages go on for a while after a call, and before they know of it; that is no fault. */
  async heartbeat(caller: Caller, uid: number): Promise<void> {
    const { store } = this.#deps;
    const call = await store.find(caller.userId, uid);
    const side = call && sideOf(call, caller);
    if (side) await store.extend(call.id, side);
  }

  /** The call that the caller's terminal has with the other user, as this side of it. */
  async #find(caller: Caller, uid: number, as: Side | 'either'): Promise<{ call: Call; side: Side }> {
    const call = await this.#deps.store.find(caller.userId, uid);
    const side = call && sideOf(call, caller);
    if (!side || (as !== 'either' && as !== side)) throw new Refusal('callOver');
    return { call, side };
  }

  async #end(
    caller: Caller,
    uid: number,
    as: Side | 'either',
    recordOf: (call: Call) => CallRecord,
  ): Promise<{ call: Call; side: Side }> {
    const found = await this.#find(caller, uid, as);
    const { call, side } = found;
    await this.#record(call, recordOf(call), async (sql) => {
      if (!(await this.#deps.store.end(sql, call.id, side, caller.terminal))) throw new Refusal('callOver');
    });
    return found;
  }

  /** Both have it in their chat, on all terminals. */
  async #record(
    { callerId, acceptorId, mode }: Recorded,
    { text, duration, status }: CallRecord,
    cause?: Announcement<PrivateDraft>['cause'],
  ): Promise<void> {
    await this.#deps.log.announce({
      draft: {
        sendId: callerId,
        terminal: -1,
        recvId: acceptorId,
        type: mode === 'voice' ? MessageType.ACT_RT_VOICE : MessageType.ACT_RT_VIDEO,
        content: say(text, this.#deps.language, duration === undefined ? {} : { duration }),
        status,
        needsFriendship: false,
        pushTo: [acceptorId, callerId],
      },
      cause,
    });
  }

  #notify({ userId }: Caller, uid: number, signal: Signal): Promise<void> {
    return this.#deps.events.push({ sendId: userId, recvId: uid, ...signal });
  }

  /** So that they stop ringing. */
  #notifyMyOtherTerminals(
    caller: Caller,
    uid: number,
    signal: Pick<Signal, 'type' | 'content'>,
  ): Promise<void> {
    const terminals = otherTerminals(caller.terminal);
    return this.#notify(caller, uid, { ...signal, to: caller.userId, terminals });
  }
}

interface Signal {
  readonly type: number;
  readonly content?: string | undefined;
  readonly to: number;
  readonly terminals?: readonly number[] | undefined;
}
