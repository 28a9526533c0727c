import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, ImError, type DeviceAddress, type UserId } from 'im-common';
import type { ByteText, Lists, Taken } from 'im-common/bus';
import {
  consume,
  encodeCall,
  fromByteText,
  messageList,
  replyList,
  type Clock,
  type Producer,
} from 'im-common/internal/bus';
import { Fields, invalidArgument, milliseconds, wrongOption } from 'im-common/internal/checks';
import type { BusHealth } from '../bus/bus-health.ts';
import { checkSession } from '../ask/sessions.ts';
import { closedError } from '../calls/lifecycle.ts';
import type { Calls } from '../calls/calls.ts';
import { abortReason } from '../checks/abort.ts';
import { abortSignal } from '../checks/abort-signal.ts';
import { checkId, checkTerminal } from '../checks/arguments.ts';
import type { Locator } from '../locate/locator.ts';
import type { Place } from '../locate/place.ts';
import { checkData, type MessageLimits } from '../send/message-fields.ts';

/** What one device is asked. */
export interface DeviceRequest {
  readonly userId: UserId;
  readonly terminal: number;
  /**
   * Which of several sessions: one of `im.sessions()`, on a server that keeps them. When it is over, the request rejects with NOT_ONLINE.
   * @default the newest
   */
  readonly session?: string | undefined;
  readonly data: unknown;
  /** It rejects with NO_REPLY after so long. @default 10_000 */
  readonly timeoutMs?: number | undefined;
  /** Aborting it gives up. The device may have the request all the same. */
  readonly signal?: AbortSignal | undefined;
}

export interface RequestDeskDeps {
  readonly lists: Lists;
  readonly producer: Pick<Producer, 'put'>;
  readonly locator: Pick<Locator, 'look' | 'view'>;
  readonly calls: Pick<Calls, 'checkSend' | 'send'>;
  readonly health: BusHealth;
  readonly clock: Clock;
  readonly options: MessageLimits & { readonly service: string; readonly reconnectGraceMs: number };
}

/** What came back: of the device `data` or `error`, of its server `error` with `by`. */
interface Reply {
  readonly data?: unknown;
  readonly error?: string;
  readonly reason?: string;
  readonly by?: string;
}

interface Whom {
  readonly address: DeviceAddress;
  readonly session: string | undefined;
}

const fields = new Fields(
  'a request',
  ['userId', 'terminal', 'session', 'data', 'timeoutMs', 'signal'],
  invalidArgument,
  ({ userId, terminal, session, data, timeoutMs, signal }) => {
    return { userId, terminal, session, data, timeoutMs, signal };
  },
);
const timeoutKind = milliseconds(1);
const defaultTimeoutMs = 10_000;
const mostPerTake = 250;
const lookAgainMs = 50;

/** Asks devices, and waits for their replies on a list of its own, which opens with the first request. */
export class RequestDesk {
  readonly #deps: RequestDeskDeps;
  readonly #instance: string;
  readonly #closing = new AbortController();
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  /** Ends those that are under way. */
  readonly #ends = new Set<(error: unknown) => void>();
  #consuming: Promise<void> | undefined;
  #count = 0;

  constructor(deps: RequestDeskDeps) {
    this.#deps = deps;
    this.#instance = `${deps.options.service}@${randomBytes(9).toString('base64url')}`;
  }

  /** Async, so that a request that is wrong rejects. */
  async request(given: unknown): Promise<unknown> {
    const { calls, options } = this.#deps;
    calls.checkSend();
    const {
      userId,
      terminal,
      session,
      data,
      timeoutMs: wanted = defaultTimeoutMs,
      signal,
    } = fields.read(given);
    const address = { id: checkId('userId', userId), terminal: checkTerminal('terminal', terminal) };
    const wantedSession = session === undefined ? undefined : checkSession(session);
    const dataText = checkData(data, options);
    const timeoutMs = timeoutKind.read(wanted);
    if (timeoutMs === undefined) throw invalidArgument(wrongOption('timeoutMs', wanted, timeoutKind));
    const wish = signal === undefined ? undefined : abortSignal.read(signal);
    if (signal !== undefined && !wish) throw invalidArgument(wrongOption('signal', signal, abortSignal));
    return calls.send(dataText.length, () =>
      this.#ask({ address, session: wantedSession }, dataText, timeoutMs, wish),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#consuming;
    if (this.#consuming) await this.#deps.lists.drop(replyList(this.#instance)).catch(() => undefined);
  }

  /** Ends what is under way, as it cannot be waited for. */
  rejectAll(): void {
    this.#closing.abort();
    for (const end of this.#ends) end(closedError());
  }

  async #ask(
    whom: Whom,
    dataText: ByteText,
    timeoutMs: number,
    wish: AbortSignal | undefined,
  ): Promise<unknown> {
    const end = new AbortController();
    const give = (error: unknown): void => end.abort(error);
    const timer = this.#deps.clock.after(timeoutMs, () => {
      give(
        new ImError('NO_REPLY', `${nameOf(whom.address)} has not replied within ${timeoutMs} ms.`, unknown),
      );
    });
    const onWish = (): void => give(wish && abortReason(wish));
    wish?.addEventListener('abort', onWish);
    this.#ends.add(give);
    if (wish?.aborted) onWish();
    try {
      return await (whom.session === undefined
        ? this.#askUntil(end.signal, whom, dataText)
        : this.#askSession(end.signal, whom, whom.session, dataText));
    } finally {
      timer.stop();
      wish?.removeEventListener('abort', onWish);
      this.#ends.delete(give);
    }
  }

  /** Asks where the device is, and again where it is next when it had just left. */
  async #askUntil(end: AbortSignal, whom: Whom, dataText: ByteText): Promise<unknown> {
    const { address } = whom;
    this.#consuming ??= this.#consume();
    const until = performance.now() + this.#deps.options.reconnectGraceMs;
    for (let hasLeft = false; ; hasLeft = true) {
      const place = await this.#placeOf(address, { until, hasLeft, end });
      const reply = await this.#askAt(place, whom, dataText, end);
      const isGone = reply === 'closed' || (reply.by === 'server' && reply.error === 'NO_CHANNEL');
      if (!isGone && reply.error === undefined) return reply.data;
      if (!isGone) throw asError(address, reply);
      if (performance.now() >= until) throw notOnline(address);
      await rest(end);
    }
  }

  /** A session is on the server that its id names, and goes nowhere else. */
  async #askSession(end: AbortSignal, whom: Whom, session: string, dataText: ByteText): Promise<unknown> {
    const { address } = whom;
    this.#consuming ??= this.#consume();
    const { live } = await this.#deps.locator.view({ lane: 'private', signal: end });
    const place = live.get(Number(session.split('-', 1)[0]));
    if (!place) throw sessionOver(address, session);
    const reply = await this.#askAt(checkFeature(address, place), whom, dataText, end);
    if (reply === 'closed' || (reply.by === 'server' && reply.error === 'NO_CHANNEL'))
      throw sessionOver(address, session);
    if (reply.error !== undefined) throw asError(address, reply);
    return reply.data;
  }

  /** For as long as it may be on its way. */
  async #placeOf(
    address: DeviceAddress,
    { until, hasLeft, end }: { readonly until: number; readonly hasLeft: boolean; readonly end: AbortSignal },
  ): Promise<Place> {
    for (;;) {
      // By the time of the question.
      const isOver = performance.now() >= until;
      const [sighting] = await this.#deps.locator.look([address], { lane: 'private', signal: end });
      if (typeof sighting === 'object') return checkFeature(address, sighting);
      if (isOver || (sighting === undefined && !hasLeft)) throw notOnline(address);
      await rest(end);
    }
  }

  async #askAt(
    { serverId }: Place,
    { address, session }: Whom,
    dataText: ByteText,
    end: AbortSignal,
  ): Promise<Reply | 'closed'> {
    const request = `${this.#count.toString(36)}-${randomBytes(6).toString('base64url')}`;
    this.#count += 1;
    const replied = this.#expect(request, end);
    try {
      const replyTo = { request, session, instance: this.#instance };
      const entry = encodeCall(Command.REQUEST, address, dataText, replyTo);
      const list = messageList('private', serverId);
      const { status } = await this.#deps.producer.put(list, entry);
      if (status === 'closed') return 'closed';
      if (status === 'full') throw new ImError('BUS_FULL', `${list} is full. Nothing was asked.`);
      return await replied;
    } finally {
      this.#waiting.delete(request);
    }
  }

  #expect(request: string, end: AbortSignal): Promise<Reply> {
    const replied = new Promise<Reply>((resolve, reject) => {
      const onEnd = (): void => reject(end.reason as Error);
      if (end.aborted) onEnd();
      end.addEventListener('abort', onEnd, { once: true });
      this.#waiting.set(request, (reply) => {
        end.removeEventListener('abort', onEnd);
        resolve(reply);
      });
    });
    replied.catch(() => undefined); // told by who awaits it, if the put went well
    return replied;
  }

  async #consume(): Promise<void> {
    const { lists, health } = this.#deps;
    const list = replyList(this.#instance);
    const consumer = this.#instance;
    await consume(
      lists,
      {
        ...{ list, consumer, maxBatch: mostPerTake, isAlone: true },
        signal: this.#closing.signal,
        onUnknown: () => Promise.resolve(true),
        onOutage: (error) => health.failed(error),
      },
      (batch) => {
        for (const { text } of batch) this.#onReply(text);
        // A reply that is lost with this process is lost with who waits for it.
        void lists.acknowledge(list, consumer, batch.map(seqOf)).catch(() => undefined);
        return undefined;
      },
    );
  }

  #onReply(text: ByteText): void {
    let reply: unknown;
    try {
      reply = JSON.parse(fromByteText(text));
    } catch {
      return; // no server writes such
    }
    const { r, ...rest } = (reply ?? {}) as Reply & { readonly r?: unknown };
    if (typeof r === 'string') this.#waiting.get(r)?.(rest);
  }
}

const unknown = { effect: 'unknown' } as const;

function seqOf({ seq }: Taken): number {
  return seq;
}

function nameOf({ id, terminal }: DeviceAddress): string {
  return `Terminal ${terminal} of user ${id}`;
}

async function rest(end: AbortSignal): Promise<void> {
  await sleep(lookAgainMs, undefined, { signal: end }).catch(() => undefined);
  if (end.aborted) throw end.reason as Error;
}

function notOnline(address: DeviceAddress): ImError {
  return new ImError('NOT_ONLINE', `${nameOf(address)} is not online. Nothing was asked.`);
}

function sessionOver(address: DeviceAddress, session: string): ImError {
  return new ImError('NOT_ONLINE', `${nameOf(address)} has no session ${session}. Nothing was asked.`);
}

function checkFeature(address: DeviceAddress, place: Place): Place {
  if (place.features.has('requests')) return place;
  throw new ImError('UNSUPPORTED', `${nameOf(address)} is on a server that carries no requests.`);
}

function asError(address: DeviceAddress, { error, reason, by }: Reply): ImError {
  if (by === 'server') {
    return new ImError('DEVICE_LOST', `${nameOf(address)} went away before it had replied.`, unknown);
  }
  const why = error === 'NO_HANDLER' ? 'it has no handler for requests' : (reason ?? error);
  return new ImError('DEVICE_FAILED', `${nameOf(address)} could not reply: ${String(why)}`, unknown);
}
