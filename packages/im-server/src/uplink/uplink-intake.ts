import { Command, encodeFrame, type Logger } from 'im-common';
import type { ByteText, Uplink, UplinkOutcome, Uplinks } from 'im-common/bus';
import {
  encodeUplink,
  encodeUplinkAnswer,
  gather,
  toByteText,
  uplinkList,
  uplinkPartitionOf,
  uplinkPartitions,
} from 'im-common/internal/bus';
import type { Connection } from '../device/connection.ts';
import type { LoggedIn } from '../device/logged-in.ts';
import { nowMs } from '../device/now-ms.ts';
import type { ServerMetrics } from '../metrics/metrics.ts';
import type { ResolvedOptions } from '../options/options.ts';
import { readUplink, type ReceivedUplink } from './read-uplink.ts';

export interface UplinkIntakeDeps {
  readonly options: Pick<
    ResolvedOptions,
    'uplinkTo' | 'maxUplinkBytes' | 'maxUplinksPerSecond' | 'maxUplinksWaiting' | 'maxUplinkWaitingBytes'
  >;
  readonly uplinks: Pick<Uplinks, 'put'>;
  readonly serverId: () => number;
  readonly metrics: Pick<ServerMetrics, 'uplink'>;
  readonly logger: Logger;
}

/** Why an uplink is not on the bus, as the device is told (P-14.5). */
type UplinkRefusal = 'NOT_ALLOWED' | 'TOO_LARGE' | 'TOO_MANY' | 'BUSY' | 'GAP' | 'TRY_AGAIN';

/** How many a device has sent lately. */
interface Rate {
  windowAt: number;
  count: number;
}

/** Where nobody takes anything, the rest of a partition is refused; its users' devices keep it. */
const longestList = 10_000;
/** In one call of the bus, which does nothing else meanwhile. */
const mostPerPut = 200;
const windowMs = 1_000;
/** After this a device may try again what could not be stored. */
const tryAgainMs = 1_000;

/** Takes what devices say to the services that they may speak to (P-14.1), puts it on the bus, and tells them when it is there. */
export class UplinkIntake {
  readonly #deps: UplinkIntakeDeps;
  readonly #allowed: ReadonlySet<string>;
  readonly #rates = new WeakMap<Connection, Rate>();
  /** By list: uplinks of the same moment share a call. */
  readonly #put = new Map<string, (uplink: Uplink) => Promise<UplinkOutcome>>();

  constructor(deps: UplinkIntakeDeps) {
    this.#deps = deps;
    this.#allowed = new Set(deps.options.uplinkTo ?? []);
  }

  /** Carries out command 20. False when it is malformed. */
  receive(connection: Connection, text: string | undefined): boolean {
    const { login, state } = connection;
    if (!login || (state.kind !== 'online' && state.kind !== 'leaving')) return false;
    const uplink = readUplink(text);
    if (!uplink) return false;
    const refusal = this.#refusalOf(connection, uplink);
    if (refusal) this.#refuse(connection, uplink, refusal);
    else void this.#store(connection, login, uplink);
    return true;
  }

  #refusalOf(connection: Connection, { to, dataText }: ReceivedUplink): UplinkRefusal | undefined {
    const { maxUplinkBytes, maxUplinksPerSecond } = this.#deps.options;
    if (!this.#allowed.has(to)) return 'NOT_ALLOWED';
    if (Buffer.byteLength(dataText) > maxUplinkBytes) return 'TOO_LARGE';
    const rate = this.#rateOf(connection);
    rate.count += 1;
    return rate.count > maxUplinksPerSecond ? 'TOO_MANY' : undefined;
  }

  async #store(connection: Connection, login: LoggedIn, uplink: ReceivedUplink): Promise<void> {
    const { address: sender, session } = login;
    const { to, box, n, done, asks, dataText } = uplink;
    const entry = encodeUplink({
      sender,
      session,
      box,
      n,
      asks,
      at: Date.now(),
      dataText: toByteText(dataText),
    });
    const list = uplinkList(to, uplinkPartitionOf(sender.id));
    try {
      const via = this.#deps.serverId();
      this.#answer(connection, uplink, await this.#putOn(list)({ sender, box, n, done, via, entry }));
    } catch (error) {
      this.#deps.logger.warn({ err: error, to }, 'an uplink could not be stored; the device tries again');
      this.#refuse(connection, uplink, 'TRY_AGAIN');
    }
  }

  #answer(connection: Connection, uplink: ReceivedUplink, outcome: UplinkOutcome): void {
    if (outcome.status !== 'stored') {
      this.#refuse(connection, uplink, outcome.status === 'gap' ? 'GAP' : 'BUSY');
      return;
    }
    this.#deps.metrics.uplink('stored');
    tell(connection, encodeUplinkAnswer(uplink));
    if (outcome.reply !== undefined) tell(connection, encodeUplinkAnswer(uplink, outcome.reply));
  }

  #refuse(connection: Connection, uplink: ReceivedUplink, refusal: UplinkRefusal): void {
    this.#deps.metrics.uplink(refusal);
    const waits = refusal === 'TOO_MANY' || refusal === 'BUSY' || refusal === 'TRY_AGAIN';
    const rest = `"error":"${refusal}"${waits ? `,"retryMs":${tryAgainMs}` : ''}`;
    tell(connection, encodeUplinkAnswer(uplink, rest));
  }

  #putOn(list: string): (uplink: Uplink) => Promise<UplinkOutcome> {
    let put = this.#put.get(list);
    if (!put) {
      const { options, uplinks } = this.#deps;
      const { maxUplinksWaiting: maxOutstanding, maxUplinkWaitingBytes } = options;
      const maxBytes = Math.ceil(maxUplinkWaitingBytes / uplinkPartitions);
      const limits = { maxLength: longestList, maxBytes, maxOutstanding };
      put = gather((some) => uplinks.put(list, some, limits), { most: mostPerPut });
      this.#put.set(list, put);
    }
    return put;
  }

  #rateOf(connection: Connection): Rate {
    const now = nowMs();
    let rate = this.#rates.get(connection);
    if (!rate) this.#rates.set(connection, (rate = { windowAt: now, count: 0 }));
    if (now - rate.windowAt >= windowMs) {
      rate.windowAt = now;
      rate.count = 0;
    }
    return rate;
  }
}

function tell(connection: Connection, dataText: ByteText): void {
  const frame = encodeFrame(Command.UPLINK_ANSWER, dataText) as ByteText;
  connection.tell((framing) => framing.text(frame));
}
