import {
  mostMissedBytes,
  mostTopicBytes,
  mostTopicKnown,
  positionKeptMs,
  positionLagMs,
  type AppendedToTopic,
  type NumberedMessage,
  type TopicHistory,
  type TopicMessageToKeep,
  type TopicMissed,
  type TopicPosition,
} from '../topic-history.ts';
import type { Calls } from './calls.ts';
import { ExpiringMap } from './expiring-map.ts';

interface Message extends NumberedMessage {
  readonly id: string;
  readonly endsAt: number;
}

interface History {
  readonly epoch: string;
  last: number;
  /** Of the last one that is not kept any more. */
  gone: number;
  bytes: number;
  messages: Message[];
  /** Ids that are to be known for longer than their messages are kept. */
  readonly known: Map<string, { readonly number: number; readonly until: number }>;
}

interface Deps {
  readonly calls: Calls;
  readonly now: () => number;
  readonly nextNumber: () => number;
  readonly servers: (topic: string) => number[];
}

export class MemoryTopicHistory implements TopicHistory {
  readonly #deps: Deps;
  readonly #histories: ExpiringMap<History>;
  #epochs = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#histories = new ExpiringMap(deps.now);
  }

  append(topic: string, message: TopicMessageToKeep): Promise<AppendedToTopic> {
    return this.#deps.calls.answer(() => {
      const history = this.#histories.get(topic) ?? this.#begin();
      const { epoch, messages } = history;
      const known = messages.find(({ id }) => id === message.id) ?? this.#recall(history, message.id);
      if (!known) this.#add(topic, history, message);
      return { epoch, number: known?.number ?? history.last, servers: this.#deps.servers(topic) };
    });
  }

  since(topic: string, from: TopicPosition | undefined): Promise<TopicMissed | undefined> {
    return this.#deps.calls.answer(() => {
      const history = this.#histories.get(topic);
      if (!history) return undefined;
      const { epoch, last: number } = history;
      const position = { epoch, number };
      return { position, messages: from?.epoch === epoch ? this.#after(history, from.number) : undefined };
    });
  }

  #begin(): History {
    this.#epochs += 1;
    return { epoch: `memory-${this.#epochs}`, last: 0, gone: 0, bytes: 0, messages: [], known: new Map() };
  }

  #recall({ known }: History, id: string): { readonly number: number } | undefined {
    const one = known.get(id);
    return one && one.until > this.#deps.now() ? one : undefined;
  }

  #add(topic: string, history: History, message: TopicMessageToKeep): void {
    const { id, text, forMs, expiresAt, most, rememberMs = 0 } = message;
    const now = this.#deps.now();
    const endsAt = Math.min(now + forMs, expiresAt ?? Infinity);
    history.last = this.#deps.nextNumber();
    history.messages.push({ id, text, endsAt, number: history.last });
    history.bytes += text.length;
    for (let [first] = history.messages; first; [first] = history.messages) {
      const hasRoom = history.messages.length <= most && history.bytes <= mostTopicBytes;
      if (hasRoom && first.endsAt > now) break;
      history.messages.shift();
      history.gone = first.number;
      history.bytes -= first.text.length;
    }
    if (rememberMs > 0) history.known.set(id, { number: history.last, until: now + rememberMs });
    for (const [first, { until }] of history.known) {
      if (history.known.size <= mostTopicKnown && until > now) break;
      history.known.delete(first);
    }
    this.#histories.set(topic, history, forMs + positionKeptMs);
  }

  #after({ last, gone, messages }: History, from: number): NumberedMessage[] | undefined {
    if (from !== last && from !== gone && !messages.some(({ number }) => number === from)) return undefined;
    const missed: NumberedMessage[] = [];
    let bytes = 0;
    for (const { endsAt, number, text } of messages) {
      if (number < from - positionLagMs * 1_000 || number === from) continue;
      if (endsAt <= this.#deps.now()) {
        if (number > from) return undefined;
        continue;
      }
      bytes += text.length;
      if (bytes > mostMissedBytes) return undefined;
      missed.push({ number, text });
    }
    return missed;
  }
}
