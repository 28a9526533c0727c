import type { ByteText } from '../byte-text.ts';
import {
  mostOutboxes,
  outboxMemoryMs,
  replyKeptMs,
  uplinkPartitions,
  type HandledUplink,
  type OwnedPartition,
  type Uplink,
  type UplinkLimits,
  type UplinkOutcome,
  type Uplinks,
  type UplinkShare,
} from '../uplinks.ts';
import { bytes, run, type Argument } from './call.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';
import * as scripts from './uplink-scripts.ts';

export class RedisUplinks implements Uplinks {
  readonly #client: RedisClient;
  readonly #keys: Keys;

  constructor(client: RedisClient, keys: Keys) {
    this.#client = client;
    this.#keys = keys;
  }

  async put(list: string, uplinks: readonly Uplink[], limits: UplinkLimits): Promise<UplinkOutcome[]> {
    if (uplinks.length === 0) return [];
    const { maxBytes, maxLength, maxOutstanding } = limits;
    const keys = [this.#keys.list(list), this.#keys.offer(list), this.#keys.sizes(list)];
    const args: Argument[] = [maxLength, maxOutstanding, mostOutboxes, outboxMemoryMs, maxBytes];
    for (const { sender, box, n, done, via, entry } of uplinks) {
      keys.push(this.#keys.outboxes(list, sender), this.#keys.reply(list, sender, box, n));
      args.push(box, n, done, via, bytes(entry));
    }
    const answers = await run(this.#client, scripts.putUplinks, keys, args);
    return (answers as (number | ByteText)[]).map(readOutcome);
  }

  async acknowledge(
    list: string,
    consumer: string,
    handled: readonly HandledUplink[],
  ): Promise<(number | undefined)[]> {
    if (handled.length === 0) return [];
    const keys = [this.#keys.inFlight(list, consumer)];
    const args: Argument[] = [replyKeptMs];
    for (const { seq, sender, box, n, reply } of handled) {
      keys.push(this.#keys.outboxes(list, sender), this.#keys.reply(list, sender, box, n));
      args.push(seq, box, reply === undefined ? '' : bytes(reply));
    }
    const answers = (await run(this.#client, scripts.acknowledgeUplinks, keys, args)) as number[];
    return answers.map((via) => (via < 0 ? undefined : via));
  }

  async share(
    service: string,
    instance: string,
    leaseMs: number,
    givenUp: readonly number[],
  ): Promise<UplinkShare> {
    const args = [instance, leaseMs, uplinkPartitions, givenUp.join(' ')];
    const answer = await run(this.#client, scripts.shareUplinks, this.#shareKeys(service), args);
    const [share = 0, ...flat] = (answer as (number | string)[]).map(Number);
    const owned: OwnedPartition[] = [];
    for (let at = 0; at + 1 < flat.length; at += 2) {
      owned.push({ partition: flat[at] ?? 0, epoch: flat[at + 1] ?? 0 });
    }
    return { share, owned };
  }

  async leave(service: string, instance: string): Promise<void> {
    await run(this.#client, scripts.leaveUplinks, this.#shareKeys(service), [instance, uplinkPartitions]);
  }

  async claim(list: string, consumer: string, epoch: number): Promise<boolean> {
    const keys = [
      this.#keys.epoch(list),
      this.#keys.consumers(list),
      this.#keys.inFlight(list, consumer),
      this.#keys.offer(list),
    ];
    return (await run(this.#client, scripts.claimUplinks, keys, [consumer, epoch])) === 1;
  }

  #shareKeys(service: string): string[] {
    return [this.#keys.uplinkInstances(service), this.#keys.uplinkOwners(service)];
  }
}

const refusals = { [-1]: 'full', [-2]: 'gap', [-3]: 'busy' } as const;

function readOutcome(answer: number | ByteText): UplinkOutcome {
  if (typeof answer === 'string') return { status: 'stored', reply: answer };
  const status = refusals[answer as keyof typeof refusals] as (typeof refusals)[-1 | -2 | -3] | undefined;
  return { status: status ?? 'stored' };
}
