import { randomBytes } from 'node:crypto';
import { addressKey, ImError, type DeviceAddress } from 'im-common';
import type { Claim, ClaimOutcome, Claims } from 'im-common/bus';
import { Producer, type Feature, type ProducerOptions } from 'im-common/internal/bus';
import type { Repeater } from '../bus/repeater.ts';
import type { Place } from '../locate/place.ts';
import type { Located, PlannedPut } from './plan.ts';

export interface OnceDeps {
  readonly bus: { readonly claims: Claims; readonly lists: ConstructorParameters<typeof Producer>[0] };
  readonly service: string;
  readonly repeater: Repeater;
  readonly producerOptions: ProducerOptions;
  /** Whether the registry has heard of a server. */
  readonly knows: (serverId: number) => boolean;
}

/**
 * One message that brings its own id (P-6.13). On which list each receiver's copy is put is said on the bus before, and holds for
 * whoever sends the message again; each copy is put under a name of its own, so that the list itself finds out the second one.
 */
export class Once {
  readonly #deps: OnceDeps;
  readonly #name: string;
  readonly #keeps: boolean;
  /** By receiver: where it was put, or is about to be. */
  readonly #values = new Map<string, string>();

  constructor(deps: OnceDeps, messageId: string, keeps: boolean) {
    this.#deps = deps;
    this.#keeps = keeps;
    this.#name = `${deps.service}:${messageId}`;
  }

  /** The same receivers, where their copies have to go: where a former call has put them, if one did. */
  async place(located: Located, isHigh: boolean): Promise<Located> {
    const { receivers, copies, places } = located;
    const fields = [
      ...receivers.map(({ id, terminal }) => addressKey(id, terminal)),
      ...copies.map(({ id, terminal }) => `copy ${addressKey(id, terminal)}`),
    ];
    const batch = newBatch();
    const wanted = fields.flatMap((field, index) => {
      const place = places[index];
      if (!place) return [];
      const value = `${place.serverId} ${batch}${isHigh && place.features.has('high') ? ' high' : ''}`;
      return [{ field, value, instead: this.#values.get(field) }];
    });
    const first = await this.#claim(wanted);
    const { isFirst } = first;
    let { values } = first;
    if (!this.#keeps && values.some(isToBeKept)) {
      // Kept by a former call that was of another mind.
      const again = wanted.map((claim, index) => ({ ...claim, instead: values[index] }));
      ({ values } = await this.#claim(again));
    }
    for (const [index, { field }] of wanted.entries()) this.#values.set(field, values[index] ?? '');
    if (!isFirst && wanted.length < fields.length) {
      // Who is nowhere now may have been somewhere then.
      const missing = fields.filter((_, index) => !places[index]);
      const found = await this.#ask(() => this.#deps.bus.claims.find(this.#name, missing));
      for (const [index, field] of missing.entries()) {
        const value = found[index];
        if (value !== undefined && value !== this.#values.get(field)) this.#values.set(field, value);
        else this.#values.delete(field);
      }
    }
    return {
      receivers,
      copies,
      places: fields.map((field, index) => this.#placeOf(this.#values.get(field), places[index])),
    };
  }

  /** Says of receivers who are nowhere that it is kept for them. Resolves with those for whom no other call is about to put it. */
  async willKeep(receivers: readonly DeviceAddress[]): Promise<readonly DeviceAddress[]> {
    const value = `${keptMark}${newBatch()}`;
    const fields = receivers.map(({ id, terminal }) => addressKey(id, terminal));
    const wanted = fields.map((field) => {
      // Calls that go on side by side share one that stands, so that the first to find a server takes its place.
      const own = this.#values.get(field);
      return { field, value, instead: own === undefined || isToBeKept(own) ? undefined : own };
    });
    const { values } = await this.#claim(wanted);
    return receivers.filter((_, index) => {
      const [field = '', standing = ''] = [fields[index], values[index]];
      if (!isToBeKept(standing)) return false;
      this.#values.set(field, standing);
      return true;
    });
  }

  /** The servers of a topic: those of a former call, as whoever has moved between them since must not get it twice. */
  async placeTopic(round: number, places: readonly Place[]): Promise<readonly Place[]> {
    if (places.length === 0) return places;
    const value = places.map(({ serverId }) => serverId).join(',');
    const { values } = await this.#claim([{ field: `topic ${round}`, value }]);
    const [standing = value] = values;
    if (standing === value) return places;
    return standing.split(',').map((id) => {
      const serverId = Number(id);
      const place = places.find((one) => one.serverId === serverId);
      return place ?? { serverId, hasLease: this.#deps.knows(serverId), features: ofTopics };
    });
  }

  /** Puts a copy unless it was put before. */
  put(put: PlannedPut): ReturnType<Producer['put']> {
    const { bus, producerOptions } = this.#deps;
    const [only] = put.receivers;
    // Of a private message each receiver has an entry of its own, and so has each copy.
    const whose = put.receivers.length === 1 && only ? addressKey(only.id, only.terminal) : '';
    const name = `once-${this.#name}-${put.claim ?? ''}-${put.isCopy ? 'copy' : ''}-${whose}`;
    return new Producer(bus.lists, { ...producerOptions, name }).put(put.list, put.entry);
  }

  #placeOf(value: string | undefined, place: Place | undefined): Place | undefined {
    if (value === undefined || isToBeKept(value)) return undefined;
    const serverId = Number(value.split(' ', 1)[0]);
    if (place?.serverId === serverId) return { ...place, claim: value };
    // The same list as the first time, which knows what is on it.
    const features = value.endsWith(' high') ? onlyHigh : noFeatures;
    return { serverId, hasLease: this.#deps.knows(serverId), features, claim: value };
  }

  #claim(wanted: readonly Claim[]): Promise<ClaimOutcome> {
    return this.#ask(() => this.#deps.bus.claims.claim(this.#name, wanted));
  }

  async #ask<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await this.#deps.repeater.run(ask);
    } catch (error) {
      // Nothing is put by it.
      if (!(error instanceof ImError) || error.effect === 'none') throw error;
      throw new ImError(error.code, `${error.message} Nothing was sent.`, { cause: error, effect: 'none' });
    }
  }
}

function isToBeKept(value: string): boolean {
  return value.startsWith(keptMark);
}

/** Names a call. */
function newBatch(): string {
  return randomBytes(6).toString('base64url');
}

/** What stands for a receiver where others have a server. */
const keptMark = 'kept ';
const noFeatures: ReadonlySet<never> = new Set();
const ofTopics: ReadonlySet<Feature> = new Set(['topics', 'keep']);
const onlyHigh: ReadonlySet<Feature> = new Set(['high']);
