import type { Logger } from 'im-common';
import type { AwayChannels, AwayNotification, AwayOutcome } from './channel.ts';
import type { Registration, Registrations } from './registrations.ts';

export interface DevicesDeps {
  readonly channels: AwayChannels;
  readonly registrations: Pick<Registrations, 'remove' | 'pause' | 'worked'>;
  readonly count: (channel: string, what: AwayNotification['is'], outcome: AwayOutcome) => void;
  readonly logger: Logger;
}

const longestMs = 10_000;

/** Devices that are away, by the channel of each; and what their services say of them. */
export class Devices {
  readonly #deps: DevicesDeps;
  readonly #closing = new AbortController();

  constructor(deps: DevicesDeps) {
    this.#deps = deps;
  }

  /** What is under way is broken off. */
  close(): void {
    this.#closing.abort();
  }

  async send(registration: Registration, notification: AwayNotification): Promise<AwayOutcome> {
    const { channels, count, logger } = this.#deps;
    const { channel } = registration;
    const how = Object.hasOwn(channels, channel) ? channels[channel] : undefined;
    // The one of before is no longer configured; it may be again.
    if (!how) return { is: 'refused', reason: 'NO_CHANNEL' };
    const outcome = await how
      .send(registration, notification, {
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(longestMs)]),
      })
      .catch((error: unknown): AwayOutcome => {
        // Not the error itself: its message may have the address in it, which is a secret of the device.
        logger.debug(
          { channel, error: error instanceof Error ? error.name : 'unknown' },
          'a push service was not reached',
        );
        return { is: 'later', reason: 'UNREACHABLE' };
      });
    count(channel, notification.is, outcome);
    return outcome;
  }

  /** Notes what it says of the device. Resolves with when it is to be tried again; undefined: that is that. */
  async settle(registration: Registration, outcome: AwayOutcome): Promise<number | undefined> {
    const { registrations, logger } = this.#deps;
    const { channel, userId } = registration;
    switch (outcome.is) {
      case 'sent':
        await registrations.worked(registration);
        return undefined;
      case 'gone':
        await registrations.remove(registration.sessionId, registration.address);
        logger.info(
          { channel, userId, reason: outcome.reason },
          'a device is not told any more: nobody is there',
        );
        return undefined;
      case 'refused':
        logger.warn({ channel, reason: outcome.reason }, 'a push service refuses what it is given');
        return undefined;
      case 'later':
        return this.#closing.signal.aborted ? Date.now() : registrations.pause(registration, outcome.afterMs);
    }
  }
}
