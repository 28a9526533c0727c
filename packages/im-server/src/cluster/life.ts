import type { GroupView, Taken, Bus } from 'im-common/bus';
import type { Producer, ServerInfo } from 'im-common/internal/bus';
import type { MessageKind } from 'im-common';
import type { Devices } from '../device/devices.ts';
import type { Logger } from 'im-common';
import { sparing } from '../sparing-logger.ts';
import type { ServerMetrics } from '../metrics.ts';
import type { ResolvedOptions } from '../options.ts';
import { obeyForceLogouts } from '../pull/force-logout.ts';
import { pullLists } from '../pull/pull-lists.ts';
import type { Source } from '../push/pushed-message.ts';
import type { Reporter } from '../report-results.ts';
import { emptyLists } from './leftovers.ts';
import { Membership } from './membership.ts';
import type { Routes } from './routes.ts';
import { Undertaker } from './undertaker.ts';

export interface LifeOptions {
  readonly bus: Bus;
  readonly options: Pick<
    ResolvedOptions,
    'leaseMs' | 'pullBatch' | 'maxInFlight' | 'kickGraceMs' | 'refreshRoutesMs' | 'reconnectGraceMs'
  >;
  readonly devices: Devices;
  readonly routes: Routes;
  readonly reporter: Reporter;
  readonly producer: Producer;
  readonly metrics: ServerMetrics;
  readonly logger: Logger;
  readonly info: () => ServerInfo;
  readonly whenRoom: () => Promise<void> | undefined;
  readonly onMessages: (kind: MessageKind, batch: readonly Taken[], source: Source) => void;
  /** This life is over: everything that was ours may be somebody else's by now. */
  readonly onBuried: () => void;
}

/** A server's time under one id: from the id to the hand-over, or to the day it finds itself taken for dead. */
export class Life {
  readonly membership: Membership;
  readonly #options: LifeOptions;
  readonly #undertaker: Undertaker;
  readonly #stopPulling = new AbortController();
  #pulling: Promise<void> | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshWanted = false;
  #refreshedAt = performance.now();

  constructor(options: LifeOptions) {
    this.#options = options;
    const { bus, logger, metrics } = options;
    this.membership = new Membership({
      registry: bus.registry,
      leaseMs: options.options.leaseMs,
      info: options.info,
      onForgotten: () => {
        logger.warn(
          { server: this.membership.id },
          'the bus had forgotten this server; routes are written again',
        );
        this.#refreshWanted = true;
      },
      onBuried: () => {
        this.#stopPulling.abort();
        options.onBuried();
      },
      onView: (view) => {
        this.#onView(view);
      },
      onBus: (error) => {
        this.#onBus(error);
      },
      onLatency: (ms) => {
        metrics.busLatency(ms);
      },
    });
    this.#undertaker = new Undertaker({
      ...options,
      boot: this.membership.boot,
      leaseMs: options.options.leaseMs,
      graceMs: options.options.reconnectGraceMs,
      onTakenOver: (entries) => {
        metrics.tookOver(entries);
      },
      onDeath: () => {
        this.#refreshWanted = true;
      },
    });
  }

  async start(): Promise<void> {
    await this.membership.join();
    const { bus, devices, options, routes, whenRoom, onMessages } = this.#options;
    const logger = sparing(this.#options.logger);
    this.#pulling = pullLists({
      lists: bus.lists,
      membership: this.membership,
      // One batch alone must not be more than there is room for.
      pullBatch: Math.min(options.pullBatch, options.maxInFlight),
      signal: this.#stopPulling.signal,
      whenRoom,
      onMessages,
      onForceLogouts: (batch) =>
        obeyForceLogouts(batch, {
          devices,
          routes,
          kickGraceMs: options.kickGraceMs,
          onMalformed: (problem) => {
            logger.warn({ problem }, 'a force-logout order could not be read; it is ignored');
          },
        }),
    });
  }

  /** Takes nothing more. What was taken before is still to be pushed and reported. */
  async stopPulling(): Promise<void> {
    this.#stopPulling.abort();
    await this.#pulling;
  }

  /** Gives what is left on the lists to the others, and gives up the id. Nothing of what was taken may be under way. */
  async end(): Promise<void> {
    const { bus, options, producer, reporter } = this.#options;
    await this.stopPulling();
    await this.#undertaker.whenIdle();
    await this.#refreshing;
    const { membership } = this;
    if (membership.isBuried) return;
    // The lease goes on: without it the others would empty the same lists at the same time.
    const mayGoOn = (): Promise<boolean> => Promise.resolve(!membership.isBuried);
    const patientUntil = performance.now() + options.reconnectGraceMs;
    await emptyLists(membership.id, 'DRAINING', { bus, producer, reporter, mayGoOn, patientUntil });
    await membership.leave();
  }

  #onView(view: GroupView): void {
    if (this.#stopPulling.signal.aborted) return;
    this.#undertaker.look(view);
    if (this.#refreshing) return;
    const { options, routes } = this.#options;
    const isDue = this.#refreshWanted || performance.now() - this.#refreshedAt > options.refreshRoutesMs;
    if (!isDue && !routes.hasLeft) return;
    if (isDue) {
      this.#refreshWanted = false;
      this.#refreshedAt = performance.now();
    }
    this.#refreshing = (isDue ? routes.refresh() : routes.removeLeft())
      .catch((error: unknown) => {
        this.#refreshWanted = true;
        this.#options.logger.warn({ err: error }, 'routes could not be written again; it is tried again');
      })
      .finally(() => (this.#refreshing = undefined));
  }

  #onBus(error: unknown): void {
    const { logger } = this.#options;
    if (error === undefined) {
      logger.info({ server: this.membership.id }, 'the bus is back');
      this.#refreshWanted = true;
    } else {
      logger.error({ err: error, server: this.membership.id }, 'the bus is away; devices stay, pushes wait');
      this.#undertaker.forget();
    }
  }
}
