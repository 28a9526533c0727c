import { addressKey, userIdToJson, type DeviceAddress } from '../../address.ts';
import type { ByteText } from '../byte-text.ts';
import { encodeAddress } from '../entry.ts';
import { messageList, serverGroup } from '../names.ts';
import type { Post, PostAnswer, PostBatch, Posts } from '../posts.ts';
import { run, type Argument } from './call.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';
import { packedList, packLists } from './pack.ts';
import * as scripts from './post-scripts.ts';

export class RedisPosts implements Posts {
  readonly #client: RedisClient;
  readonly #keys: Keys;

  constructor(client: RedisClient, keys: Keys) {
    this.#client = client;
    this.#keys = keys;
  }

  encode({ receivers, copies, before, behindReceiver, behindCopy, end }: Post): ByteText {
    const [only] = receivers;
    if (only && receivers.length + copies.length === 1) {
      const entry = before + encodeAddress(only) + behindReceiver + end;
      return packedList([addressKey(only.id, only.terminal), entry]);
    }
    return packedList([
      idOf(receivers),
      terminalsOf(receivers),
      idOf(copies),
      terminalsOf(copies),
      before,
      behindReceiver,
      behindCopy,
      end,
    ]);
  }

  async post({ posts, producer, batchNumber, longestList, acknowledge }: PostBatch): Promise<PostAnswer[]> {
    const keys = [this.#keys.posted(producer), this.#keys.leases(serverGroup)];
    const args: Argument[] = [
      batchNumber,
      this.#keys.routes(),
      this.#keys.list(messageList('private', '')),
      longestList,
    ];
    for (const { list, consumer, seqs } of acknowledge) {
      keys.push(this.#keys.inFlight(list, consumer));
      args.push(seqs.join(' '));
    }
    args.push(packLists(posts));
    const answer = (await run(this.#client, scripts.post, keys, args)) as string;
    return answer.split(' ').map(readAnswer);
  }
}

function readAnswer(text: string): PostAnswer {
  if (text === '-') return undefined;
  return text.includes(',') ? text.split(',').map(Number) : [Number(text)];
}

function idOf([first]: readonly DeviceAddress[]): string {
  return first ? userIdToJson(first.id) : '';
}

function terminalsOf(addresses: readonly DeviceAddress[]): string {
  const [first] = addresses;
  if (!first) return '';
  return addresses.length === 1
    ? String(first.terminal)
    : addresses.map(({ terminal }) => terminal).join(',');
}
