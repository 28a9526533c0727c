import { randomBytes } from 'node:crypto';
import { Cluster } from 'ioredis';
import type { ByteText } from '../byte-text.ts';
import { gather } from '../gather.ts';
import type {
  AppendedToTopic,
  NumberedMessage,
  TopicHistory,
  TopicMessageToKeep,
  TopicMissed,
  TopicPosition,
} from '../topic-history.ts';
import { bytes, run } from './call.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';
import * as scripts from './topic-history-scripts.ts';

interface Since {
  readonly topic: string;
  readonly position: TopicPosition | undefined;
}

/** Each may be answered with some hundred kilobytes. */
const topicsPerCall = 20;

/** Of one topic; empty when it keeps nothing. */
type Answer = [] | [epoch: string, last: string, isKnown: number, ...numbersAndTexts: string[]];

export class RedisTopicHistory implements TopicHistory {
  readonly #client: RedisClient;
  readonly #keys: Keys;
  readonly #since: (since: Since) => Promise<TopicMissed | undefined>;

  constructor(client: RedisClient, keys: Keys) {
    this.#client = client;
    this.#keys = keys;
    this.#since = gather((asked) => this.#sinceAll(asked), {
      most: client instanceof Cluster ? 1 : topicsPerCall,
    });
  }

  async append(topic: string, message: TopicMessageToKeep): Promise<AppendedToTopic> {
    const { id, text, forMs, expiresAt, most, rememberMs = 0 } = message;
    const keys = [this.#keys.topicServers(topic), ...this.#of(topic), this.#keys.topicHistoryKnown(topic)];
    const epochIfFirst = randomBytes(6).toString('base64url');
    const args = [id, forMs, expiresAt ?? '', most, epochIfFirst, rememberMs, bytes(text)];
    const [number, epoch = '', ...servers] = (await run(
      this.#client,
      scripts.append,
      keys,
      args,
    )) as string[];
    return { number: Number(number), epoch, servers: servers.map(Number) };
  }

  since(topic: string, position: TopicPosition | undefined): Promise<TopicMissed | undefined> {
    return this.#since({ topic, position });
  }

  #of(topic: string): string[] {
    return [this.#keys.topicHistoryState(topic), this.#keys.topicHistory(topic)];
  }

  async #sinceAll(asked: readonly Since[]): Promise<(TopicMissed | undefined)[]> {
    const keys = asked.flatMap(({ topic }) => this.#of(topic));
    const args = asked.flatMap(({ position }) => [position?.epoch ?? '', position?.number ?? '']);
    const answers = (await run(this.#client, scripts.since, keys, args)) as Answer[];
    return answers.map((answer) => {
      if (!answer[0]) return undefined;
      const [epoch, last, isKnown, ...flat] = answer;
      const messages: NumberedMessage[] = [];
      for (let at = 0; at < flat.length; at += 2) {
        messages.push({ number: Number(flat[at]), text: flat[at + 1] as ByteText });
      }
      return { position: { epoch, number: Number(last) }, messages: isKnown === 1 ? messages : undefined };
    });
  }
}
